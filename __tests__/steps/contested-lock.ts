// A lock that two runs are after. What the other one does while it has it is given by the test.
import type { Sessions } from '../../src/azure/tsql/sessions.ts';
import { answering } from './sessions-with.ts';
import type { Switching } from './switching.ts';
import { entry } from './two-servers.ts';

export interface ContestedLock {
  readonly sessions: Sessions;
  /** The other run gets it, and ends while this one waits for it. */
  loseWaited(): void;
  /** The other run has had it, and has ended. */
  loseFree(): Promise<void>;
}

/**
 * @param holder who has it at the beginning
 * @param otherActs what the other run has done by the time at which it gives the lock up
 */
export function contestedLock(
  sessions: Sessions,
  holder: 'this run' | 'nobody' | 'the other',
  otherActs: () => void | Promise<void>,
): ContestedLock {
  let has: typeof holder | 'the other, waited for' = holder;
  const taken = () => {
    if (has === 'the other') {
      has = 'the other, waited for';
      return false;
    }
    if (has === 'the other, waited for') void otherActs();
    has = 'this run';
    return true;
  };
  return {
    sessions: answering(sessions, (text) => {
      if (text.includes('APPLOCK_MODE')) return [{ mode: has === 'this run' ? 'Exclusive' : 'NoLock' }];
      if (text.includes('dm_tran_locks')) return [];
      return text.includes('sp_getapplock') ? [{ code: taken() ? 0 : -1 }] : null;
    }),
    loseWaited: () => {
      has = 'the other';
    },
    loseFree: async () => {
      await otherActs();
      has = 'nobody';
    },
  };
}

/** The other run ends its script, moves users, and sees V2 serve. */
export async function otherRunSwitches({ context, green }: Switching): Promise<void> {
  const profile = { resourceGroup: 'rg', profile: 'contoso' };
  const { write } = await context.azure.trafficManager.openProfile(profile);
  await write({
    blue: { status: 'Disabled', priority: 2 },
    green: { status: 'Enabled', priority: 1 },
  });
  green.entry = entry('green', 'serving');
}

import { describeWork, type UpgradeWork, upgradeWork } from '../application/upgrade-work.ts';
import { UpgradeError } from '../reasons.ts';
import type { Guard } from './guard.ts';
import { allOf, fail, pass } from './verdict.ts';

/** A script that cannot be read is told now, not while users are read-only. */
export const upgradeScript: Guard = {
  id: 'upgrade-script',
  title: 'The upgrade script can be read, to its last batch',
  phases: ['prepare', 'upgrade'],
  check: async (context) => {
    return allOf(await Promise.all(context.databases.map(({ name }) => read(name))));

    async function read(database: string) {
      try {
        const work = await upgradeWork(context, database);
        return pass(`${database}: ${describeWork(work)}${known(work)}`);
      } catch (error) {
        if (!(error instanceof UpgradeError)) throw error;
        return fail(error.reason, error.message, ...error.advice);
      }
    }
  },
};

function known(work: UpgradeWork): string {
  if (work.kind === 'script') return `, sha256 ${work.script.digest.slice(0, 12)}`;
  return work.kind === 'command' ? '; what it runs is not read beforehand' : '';
}

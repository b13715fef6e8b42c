// The stage slot counts as upgraded once the backup region has every change of the script, proven on both sides.
import { describe, expect, test } from '@jest/globals';
import { drainStandby } from '../../src/steps/drain-standby.ts';
import { minutesAfterStart } from '../guards/parts.ts';
import {
  type BeforeTheSwitch,
  beforeTheSwitch,
  type Database,
  entry,
  primaryTo,
  run,
} from './before-the-switch.ts';
import { sqlError } from './frozen-pair.ts';

const scripted = entry('2', 'scripted', {
  at: minutesAfterStart(5).toISOString(),
  frozenAt: minutesAfterStart(0).toISOString(),
  scriptDigest: 'sha',
});

/** The script has run, and the backup region has it; unless a test says otherwise. */
function afterScript(changes: { '2'?: Partial<Database>; '3'?: Partial<Database> } = {}): BeforeTheSwitch {
  return beforeTheSwitch({
    databases: { '2': { entry: scripted, ...changes['2'] }, '3': { entry: scripted, ...changes['3'] } },
  });
}

const apply = (app: BeforeTheSwitch) => app.ended(drainStandby(app.context).apply(run));

describe('what the backup region has', () => {
  test('makes the stage slot upgraded; what the entry says of script and freeze is kept', async () => {
    const app = afterScript();
    expect(await drainStandby(app.context).assess(run)).toMatchObject({ kind: 'to-do' });
    expect(await apply(app)).toEqual([expect.stringContaining('contoso-sql-3: CATCH_UP, lag 0 s')]);
    expect(app.story).toEqual(['2 sync with contoso-sql-3', '2 journal upgraded']);
    expect(app.databases['2'].entry).toMatchObject({
      status: 'upgraded',
      upgradeId: 'u1',
      scriptDigest: 'sha',
      frozenAt: scripted.frozenAt,
    });
    expect(await drainStandby(app.context).assess(run)).toMatchObject({ kind: 'done' });
  });

  test('is waited for: the entry that followed the script has to be readable there', async () => {
    const app = afterScript({ '3': { entry: entry('2', 'upgrading', { at: scripted.at }) } });
    void app.clock.sleep(20_000).then(() => {
      app.databases['3'].entry = scripted;
    });
    const began = app.clock.now();
    await apply(app);
    expect(app.clock.now() - began).toBeGreaterThanOrEqual(20_000);
    expect(app.databases['2'].entry?.status).toBe('upgraded');
  });
});

describe.each<[string, { '2'?: Partial<Database>; '3'?: Partial<Database> }, string]>([
  ['the region does not answer', { '3': { unreachable: true } }, 'contoso-sql-3 does not answer'],
  [
    'the entry of the script never arrives',
    { '3': { entry: entry('1', 'freezing') } },
    'does not show the latest entry',
  ],
  [
    'the lag is not known',
    { '2': { links: { '3': primaryTo('3', { replication_lag_sec: null }) } } },
    'lag is not known',
  ],
  ['there is a lag', { '2': { links: { '3': primaryTo('3', { replication_lag_sec: 3 }) } } }, 'lag is 3 s'],
  [
    'replication is suspended',
    { '2': { links: { '3': primaryTo('3', { replication_state_desc: 'SUSPENDED' }) } } },
    'is SUSPENDED',
  ],
  ['the link is gone', { '2': { links: {} } }, 'is not the primary of a link'],
  [
    'its commits are older',
    { '2': { links: { '3': primaryTo('3', { last_commit: minutesAfterStart(6) }) } } },
    'has not applied the last commit',
  ],
])('where %s', (_where, changes, why) => {
  test('the stage slot is not upgraded, and it is said what that means', async () => {
    const app = afterScript(changes);
    const began = app.clock.now();
    await expect(apply(app)).rejects.toMatchObject({
      reason: 'standby-not-caught-up',
      message: expect.stringMatching(new RegExp(`${why}.*has no protection`)),
      advice: [expect.stringContaining('users stay on blue'), expect.anything(), expect.anything()],
    });
    expect(app.clock.now() - began).toBeLessThan(2 * app.context.config.drainTimeoutMs);
    expect(app.databases['2'].entry?.status).toBe('scripted');
  });
});

test.each([
  ['breaks', sqlError('lost', 0, 'the connection broke')],
  ['is refused', sqlError('server', 40_197, 'an error')],
])('a proof that %s proves nothing', async (_how, error) => {
  const before = (text: string) => {
    if (text.includes('sp_wait_for_database_copy_sync')) throw error;
  };
  const app = afterScript({ '2': { before } });
  await expect(apply(app)).rejects.toMatchObject({ reason: 'standby-not-caught-up' });
  expect(app.databases['2'].entry?.status).toBe('scripted');
});

test.each([
  ['upgrading', 'later'],
  ['freezing', 'later'],
  ['switching', 'done'],
] as const)('a stage database that says %s is %s', async (status, kind) => {
  const app = beforeTheSwitch({ databases: { '2': { entry: entry('2', status) } } });
  expect(await drainStandby(app.context).assess(run)).toMatchObject({ kind });
});

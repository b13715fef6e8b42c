// What a person reads first: what happened, and what users can do at this moment.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type DatabaseView,
  type EndpointView,
  RESULTS,
  type Result,
  UPGRADE_STATES,
} from '../../src/engine/report.ts';
import { verdictOf } from '../../src/phases/verdict.ts';
import type { VerdictFacts } from '../../src/phases/verdict-facts.ts';
import { UpgradeError } from '../../src/reasons.ts';

type Access = DatabaseView['access'];

const UNFREEZE = 'sqlcmd -S contoso-sql-blue.database.windows.net -d contoso -G -Q "ALTER DATABASE …"';
const failed = new UpgradeError('script-failed', 'The upgrade script failed at db/2.sql:3.\nmore lines', {
  advice: ['Mend the script.'],
});

function endpoint(slot: string, role: EndpointView['role'], ...accesses: Access[]): EndpointView {
  return {
    endpoint: slot,
    slot,
    role,
    standby: false,
    region: 'North Europe',
    site: `contoso-${slot}`,
    status: role === 'production' ? 'Enabled' : 'Disabled',
    monitorStatus: 'Online',
    priority: role === 'production' ? 1 : 2,
    databases: accesses.map((access, index) => ({
      name: `contoso-${index}`,
      server: `contoso-sql-${slot}`,
      access,
      replication: null,
    })),
    version: '1.0.0',
  };
}

function facts(changes: Partial<VerdictFacts> = {}): VerdictFacts {
  return {
    result: 'succeeded',
    phases: ['upgrade'],
    state: 'prepared',
    productionSlot: 'blue',
    after: [endpoint('blue', 'production', 'read-write'), endpoint('green', 'stage', 'read-only')],
    error: null,
    also: [],
    notes: [],
    changed: false,
    readOnlySeconds: null,
    unfreezeCommands: [UNFREEZE],
    canServe: [],
    leftBehind: null,
    sentBack: null,
    apart: null,
    failing: [],
    toLookAt: [],
    ...changes,
  };
}

/** Production's in the other region. */
const standby = (access: Access, changes: Partial<EndpointView> = {}): EndpointView => ({
  ...endpoint('blue', 'production', access),
  standby: true,
  site: 'contoso-1',
  ...changes,
});

const headline = (changes: Partial<VerdictFacts> = {}) => verdictOf(facts(changes)).headline;
const production = (...accesses: Access[]) => [endpoint('blue', 'production', ...accesses)];
const fine = 'Users are on blue (version 1.0.0) and can read and write.';

describe('a plan whose guards fail', () => {
  const failing: VerdictFacts['failing'] = [
    {
      id: 'tier',
      title: 'Tiers',
      verdict: 'fail',
      reason: 'service-tier-mismatch',
      evidence: 'The tiers differ. Azure refuses that.',
      advice: 'Give both one tier.',
    },
  ];
  const planned = { phases: ['plan'], failing } as const;

  test('says so before where users are, and what to do about it first', () => {
    expect(headline(planned)).toBe(
      `Looked, changed nothing. 1 guard fails: The tiers differ; the upgrade would be refused. ${fine}`,
    );
    expect(verdictOf(facts(planned)).next[0]).toBe('Give both one tier.');
  });

  test('and what the guards could not judge is told among what to do, and fails nothing', () => {
    const toLookAt = [
      { ...failing[0], verdict: 'not-knowable', reason: null, advice: 'Deploy V2.' },
    ] as VerdictFacts['toLookAt'];
    expect(verdictOf(facts({ phases: ['plan'], toLookAt }))).toMatchObject({
      headline: `Looked, changed nothing. ${fine}`,
      next: ['Deploy V2.', expect.stringMatching(/^Run phase upgrade/)],
    });
  });

  test('by rights that this identity lacks, says that it is of this identity', () => {
    const rights = failing.map((guard) => ({ ...guard, reason: 'azure-permission-missing' as const }));
    expect(headline({ ...planned, failing: rights })).toContain(
      'with the rights of this identity the upgrade would be refused',
    );
  });
});

describe('the headline', () => {
  test.each<[Result, Partial<VerdictFacts>, string]>([
    ['succeeded', { phases: ['prepare', 'upgrade'] }, `Prepare, upgrade succeeded. ${fine}`],
    ['succeeded', { phases: ['status', 'plan'] }, `Looked, changed nothing. ${fine}`],
    [
      'nothing-to-do',
      { notes: ['there is no V1 left'] },
      `Nothing to do for upgrade: there is no V1 left. ${fine}`,
    ],
    ['nothing-to-do', {}, `Nothing to do for upgrade. ${fine}`],
    [
      'rolled-back',
      { error: failed },
      `Upgrade failed and was rolled back: The upgrade script failed at db/2.sql:3. ${fine}`,
    ],
    [
      'rollback-failed',
      { error: failed },
      `Upgrade failed AND THE ROLLBACK FAILED: The upgrade script failed at db/2.sql:3. ${fine}`,
    ],
    [
      'rollback-failed',
      { phases: ['rollback'], error: failed },
      `THE ROLLBACK FAILED: The upgrade script failed at db/2.sql:3. ${fine}`,
    ],
    [
      'held',
      { error: failed },
      `Upgrade stopped and was left as it is: The upgrade script failed at db/2.sql:3. ${fine}`,
    ],
    [
      'refused',
      { error: failed },
      `Upgrade was refused, nothing was changed: The upgrade script failed at db/2.sql:3. ${fine}`,
    ],
  ])('%s', (result, changes, expected) => expect(headline({ result, ...changes })).toBe(expected));

  test('tells a read-only production in capitals, and since when', () => {
    expect(headline({ after: production('read-only'), readOnlySeconds: 134 })).toContain(
      'PRODUCTION IS READ-ONLY for 2 min 14 s: users can read, not write.',
    );
    expect(headline({ after: production('read-only') })).toContain('PRODUCTION IS READ-ONLY: users can read');
  });

  test.each<[string, Access[]]>([
    ['another can be written', ['read-write', 'read-only']],
    ['another cannot be reached', ['unreachable', 'read-only']],
    ['another is gone', ['read-only', 'absent']],
  ])('tells it where %s', (_, accesses) => {
    expect(headline({ after: production(...accesses) })).toContain('PRODUCTION IS READ-ONLY');
  });

  test('does not call users able to write where one database is not known', () => {
    expect(headline({ after: production('read-write', 'unreachable') })).toMatch(
      /could not be read: production may be read-only\.$/,
    );
  });

  test('says where nothing is known about users', () => {
    const nothing = /What users can do now could not be read: production may be read-only\.$/;
    expect(headline({ after: [] })).toMatch(nothing);
    expect(headline({ productionSlot: null })).toMatch(nothing);
  });

  test('that their database is gone is no small print', () => {
    const after = production('absent');
    expect(headline({ result: 'held', error: failed, after, readOnlySeconds: 9 })).toMatch(
      /THEY HAVE NO DATABASE: it is not on contoso-sql-blue\.$/,
    );
    expect(headline({ after })).not.toContain('can read and write');
  });

  test('a read-only stage is nothing to shout about', () => {
    expect(headline()).not.toMatch(/READ-ONLY/);
  });
});

describe('what to do next', () => {
  test('begins with the commands where the way back failed', () => {
    const { next } = verdictOf(
      facts({
        result: 'rollback-failed',
        state: 'frozen',
        after: production('read-only'),
        error: failed,
        also: [
          new UpgradeError('unfreeze-failed', 'contoso could not be set read-write', { advice: [UNFREEZE] }),
        ],
        unfreezeCommands: [UNFREEZE, 'second'],
      }),
    );
    expect(next[0]).toBe(`Give production back now, by hand:\n${UNFREEZE}\nsecond`);
    expect(next[1]).toMatch(/phase rollback/);
    expect(next).toContain('Mend the script.');
    expect(next).toContain('contoso could not be set read-write');
  });

  test.each([
    'prepared',
    'not-prepared',
  ] as const)('after a prepare that was held, state %s, is to prepare again, not to upgrade', (state) => {
    const { next } = verdictOf(facts({ result: 'held', phases: ['prepare'], state, error: failed }));
    expect(next).toEqual([
      'Mend the script.',
      'Mend that, then run phase prepare again: what is done is not done twice.',
    ]);
  });

  test('where the profile has no stage endpoint is to prepare again', () => {
    const absent = { ...endpoint('green', 'stage', 'read-only'), status: 'absent' as const };
    const after = [endpoint('blue', 'production', 'read-write'), absent];
    const again = ['Run phase prepare again: the profile has no stage endpoint.'];
    expect(verdictOf(facts({ phases: ['status'], after })).next).toEqual(again);
    const bySwap = after.map((one) => ({ ...one, status: 'absent' as const }));
    expect(verdictOf(facts({ phases: ['status'], after: bySwap })).next.join()).toMatch(/^Run phase upgrade/);
  });

  test.each([
    'switched',
    'compromised',
  ] as const)('in state %s names the slot that would be removed', (state) => {
    const [next] = verdictOf(facts({ phases: ['status'], state })).next;
    expect(next).toContain('confirm: "remove green"');
    expect(verdictOf(facts({ phases: ['status'], state, after: [] })).next.join()).toContain('"remove SLOT"');
  });

  test('names rollback where no command is known', () => {
    const { next } = verdictOf(facts({ result: 'rollback-failed', error: failed, unfreezeCommands: [] }));
    expect(next[0]).toMatch(/phase rollback/);
  });

  test('gives rollback and the commands where production is held read-only', () => {
    const { next } = verdictOf(
      facts({ result: 'held', state: 'frozen', after: production('read-only'), error: failed }),
    );
    expect(next[0]).toMatch(/read-only on purpose.*rollback/);
    expect(next[1]).toContain(UNFREEZE);
  });

  test('does not advise a rollback where users may have written to V2: what was found does', () => {
    const error = new UpgradeError('switch-outcome-unknown', 'sent back', { advice: ['Look first.'] });
    const held = facts({ result: 'held', state: 'upgraded', after: production('read-only'), error });
    expect(verdictOf(held).next[0]).toBe('Look first.');
    expect(verdictOf(held).next.join()).not.toContain(UNFREEZE);
  });

  test.each<[string, Partial<VerdictFacts>]>([
    ['users can write', { result: 'held' }],
    ['users are on V2', { result: 'held', state: 'switched', after: production('read-only') }],
    ['production does not answer and was not frozen', { result: 'held', after: production('unreachable') }],
    [
      'production was frozen and is gone',
      { result: 'held', readOnlySeconds: 9, after: production('absent') },
    ],
  ])('does not give them where %s', (_, changes) => {
    expect(verdictOf(facts({ error: failed, ...changes })).next.join()).not.toContain(UNFREEZE);
  });

  test('says nothing twice', () => {
    const { next } = verdictOf(facts({ result: 'held', error: failed, also: [failed] }));
    expect(next.filter((line) => line === 'Mend the script.')).toHaveLength(1);
  });
});

describe('whatever happened', () => {
  const access = fc.constantFrom<Access>('read-write', 'read-only', 'absent', 'unreachable');
  const any = fc.record({
    result: fc.constantFrom(...RESULTS),
    state: fc.constantFrom(...UPGRADE_STATES),
    accesses: fc.array(access, { minLength: 1, maxLength: 4 }),
    error: fc.constantFrom(null, failed),
    unfreezeCommands: fc.constantFrom([], [UNFREEZE]),
  });

  test('a production known to be read-only is told in capitals, in one line', () => {
    fc.assert(
      fc.property(any, ({ accesses, ...rest }) => {
        const verdict = verdictOf(facts({ ...rest, after: production(...accesses) }));
        expect(verdict.headline).not.toContain('\n');
        expect(verdict.headline.includes('PRODUCTION IS READ-ONLY')).toBe(accesses.includes('read-only'));
      }),
    );
  });

  test('a failed way back gives the command first, where there is one', () => {
    fc.assert(
      fc.property(any, ({ accesses, ...rest }) => {
        const after = production(...accesses);
        const { next } = verdictOf(facts({ ...rest, result: 'rollback-failed', after }));
        expect(next[0]).toContain(rest.unfreezeCommands[0] ?? 'phase rollback');
      }),
    );
  });
});

describe('a database in two regions that gives no answer', () => {
  const silent = (version: string | null) => ({
    ...endpoint('blue', 'production', 'unreachable'),
    version,
  });

  test('its region is told to be lost where the site is silent too', () => {
    expect(headline({ after: [silent(null), standby('read-only')] })).toContain('PRODUCTION DOES NOT ANSWER');
  });

  test('a site that answers is no lost region: it may be that this run got no token', () => {
    const said = headline({ after: [silent('1.0.0'), standby('unreachable')] });
    expect(said).toMatch(
      /Users are on blue \(version 1.0.0\)\. The production database could not be read: production may be read-only\.$/,
    );
  });
});

describe('a database that was failed over without its endpoint', () => {
  const writable = { ...endpoint('blue', 'production', 'read-write'), priority: 2 };

  test('users are sent to the site whose database can only be read, and that is not kept quiet', () => {
    const said = headline({ after: [writable, standby('read-only')] });
    expect(said).toContain('THEY ARE SENT TO contoso-1 in North Europe');
    expect(said).toMatch(/users can read, not write\.$/);
  });

  test('nor where Traffic Manager passes production over: its site has stopped', () => {
    const stopped = { ...writable, priority: 1, monitorStatus: 'Degraded' };
    const said = headline({ after: [stopped, { ...standby('read-only'), priority: 2 }] });
    expect(said).toContain('THEY ARE SENT TO contoso-1 in North Europe');
  });

  test.each<[string, Partial<EndpointView>]>([
    ['is disabled', { status: 'Disabled' }],
    ['is found not healthy', { monitorStatus: 'Degraded' }],
    ['comes after the other one', { priority: 3 }],
  ])('where that endpoint %s, users can write', (_, changes) => {
    expect(headline({ after: [writable, standby('read-only', changes)] })).toContain(fine);
  });
});

test('only a lost region comes before what was tried, and only it is waited for', () => {
  const canServe = ['Bring them together.'];
  const silent = { ...endpoint('blue', 'production', 'unreachable'), version: null };
  const lost = verdictOf(facts({ canServe, after: [silent] }));
  expect(lost.headline).not.toMatch(/^Upgrade/);
  expect(lost.next.join()).toContain('lost region');
  const apart = verdictOf(facts({ canServe, after: production('read-write') }));
  expect(apart.headline).toMatch(/^Upgrade succeeded/);
  expect(apart.next.join()).not.toContain('lost region');
});

test('where the site answers no region is lost: what was tried is told first, and how production is given back', () => {
  const canServe = ['Decide first.'];
  const unread = verdictOf(
    facts({ canServe, result: 'rollback-failed', error: failed, after: production('unreachable') }),
  );
  expect(unread.headline).toMatch(/^Upgrade failed AND THE ROLLBACK FAILED/);
  expect(unread.next[0]).toContain(UNFREEZE);
  expect(unread.next).toContain('Decide first.');
});

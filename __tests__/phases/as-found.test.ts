// A run that did all it was asked to is red all the same where users need somebody to do something.
import { describe, expect, test } from '@jest/globals';
import type { DatabaseObservation } from '../../src/application/observe.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { DatabaseView, EndpointView, Phase, SlotState } from '../../src/engine/report.ts';
import { asFound, siteLeftBehind } from '../../src/phases/as-found.ts';
import type { Seen } from '../../src/phases/look-around.ts';
import { completed, type PhaseOutcome, stopped } from '../../src/phases/phase-outcome.ts';
import { stateFound } from '../../src/phases/state-found.ts';
import { verdictOf } from '../../src/phases/verdict.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { databaseInfo, link } from '../guards/parts.ts';
import { beforeTheSwitch, entry } from '../steps/before-the-switch.ts';

type Access = DatabaseView['access'];

interface Found {
  readonly access?: Access;
  readonly state?: SlotState;
  readonly context?: UpgradeContext;
  /** Server that production's database is a geo-secondary of. */
  readonly below?: string;
  readonly more?: readonly EndpointView[];
  /** Whether production's database has its geo-secondary in the backup region. */
  readonly isProtected?: boolean;
  /** Of the stage database. */
  readonly copy?: Access;
  /** Whether Resource Manager tells that the copy is there. */
  readonly told?: boolean;
}

const { context: own } = beforeTheSwitch();

function seen({
  access = 'read-write',
  state = 'prepared',
  context = own,
  below,
  more = [],
  copy = 'read-write',
  told = true,
  isProtected = true,
}: Found = {}): Seen {
  const links = below === undefined ? [] : [link({ role: 'Secondary', partnerServer: below })];
  const { sqlServer: server } = context.production.config;
  const isUpgraded = state === 'upgraded';
  const journal = isUpgraded ? entry('1', 'freezing') : null;
  const production = { access, links, info: databaseInfo(), ref: { server }, journal };
  const stage = {
    access: copy,
    info: told ? databaseInfo() : null,
    journal: isUpgraded ? entry('2', 'upgraded') : null,
  };
  const protection = { production: isProtected ? link() : null, stage: link(), beforeUpgrade: true };
  const databases = [
    { name: 'contoso', production, stage, protection, link: null },
  ] as unknown as DatabaseObservation[];
  return {
    context,
    observed: {
      profile: null,
      profileUnread: false,
      sites: { production: null, stage: null },
      databases,
      state,
    },
    backup: null,
    endpoints: [view(server, access), ...more],
  };
}

function view(server: string, access: Access, changes: Partial<EndpointView> = {}): EndpointView {
  return {
    ...{ endpoint: 'contoso-1', slot: 'blue', role: 'production', standby: false, region: 'North Europe' },
    ...{ site: 'contoso-1', status: 'Enabled', monitorStatus: 'Online', priority: 1, version: '1.0.0' },
    databases: [{ name: 'contoso', server, access, replication: null }],
    ...changes,
  };
}

/** A person has let the geo-secondary take over. */
function failedOver(): UpgradeContext {
  const { production, databases } = own;
  const { standby } = production;
  if (!standby?.config) throw new Error('there is no standby');
  const { name } = production.config;
  const config = { ...standby.config, name, failoverGroup: null, backup: production.config };
  const there = {
    resourceGroup: standby.config.sqlResourceGroup,
    server: 'contoso-sql-dr',
    database: 'contoso',
  };
  return {
    ...own,
    production: { ...production, ...standby, config, standby: production },
    databases: databases.map((pair) => ({ ...pair, production: there })),
  };
}

function ending(phase: Phase, after: Seen | null, { before = seen() as Seen | null, changed = true } = {}) {
  return asFound(completed(changed), { phases: [phase], changed, before, after });
}

const held = (reason: string) => ({ kind: 'stopped', result: 'held', error: { reason } });
const adviceOf = (outcome: PhaseOutcome) =>
  outcome.kind === 'stopped' ? outcome.error.advice.join('\n') : '';

describe('a run that was completed stays so', () => {
  test('where users can write', () => expect(ending('prepare', seen())).toEqual(completed(true)));
  test('where it could not be looked', () => expect(ending('prepare', null)).toEqual(completed(true)));
  test('where it was only asked to look: status tells, and is no alarm', () =>
    expect(ending('status', seen({ access: 'absent' }))).toEqual(completed(true)));
  test('where a complete upgrade waits for its switch', () =>
    expect(ending('upgrade', seen({ access: 'read-only', state: 'upgraded' }))).toEqual(completed(true)));
  test('where its copy does not answer for a moment: the upgrade is complete, and nothing is rolled back for that', () => {
    const after = seen({ access: 'read-only', state: 'frozen', copy: 'unreachable' });
    const outcome = ending('upgrade', after);
    expect(outcome).toEqual(completed(true));
    expect(stateFound(['prepare', 'upgrade'], outcome, after.observed)).toBe('upgraded');
  });
  test('where V1 is deleted, and nothing tells of it any more: it is not said to be there', () => {
    const gone = seen({ state: 'switched', copy: 'unreachable', told: false });
    expect(stateFound(['cleanup'], completed(true), gone.observed)).toBe('not-prepared');
    expect(stateFound(['switch'], completed(true), gone.observed)).toBe('switched');
    const left = seen({ state: 'switched', copy: 'unreachable' });
    expect(stateFound(['cleanup'], completed(true), left.observed)).toBe('switched');
  });
  test('where one of production does not answer for a moment: how it stands is not known then', () => {
    const { observed } = seen({ access: 'unreachable' });
    const after = seen({ access: 'read-only', state: 'upgraded' });
    const both: Seen = {
      ...after,
      observed: {
        ...after.observed,
        databases: [...after.observed.databases, ...observed.databases],
        state: 'unknown',
      },
    };
    expect(ending('upgrade', both)).toEqual(completed(true));
    expect(stateFound(['upgrade'], completed(true), both.observed)).toBe('unknown');
  });
  test('where production had no geo-secondary before, or it cannot be told', () => {
    const before = seen({ isProtected: false });
    expect(ending('cleanup', seen({ isProtected: false }), { before })).toEqual(completed(true));
    const silent = seen({ access: 'unreachable', isProtected: false });
    expect(ending('cleanup', silent)).toEqual(completed(true));
  });
  test('where production had been failed over before', () => {
    const context = failedOver();
    expect(ending('cleanup', seen({ context }), { before: seen({ context }) })).toEqual(completed(true));
  });
});

describe('it is held', () => {
  test('where production was failed over meanwhile, with the command that takes it back', () => {
    const outcome = ending('prepare', seen({ context: failedOver() }));
    expect(outcome).toMatchObject(held('region-mismatch'));
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining('contoso-sql-dr now') } });
    expect(adviceOf(outcome)).toMatch(
      /^az sql db replica set-primary -g contoso-blue -s contoso-sql-1 -n contoso$/m,
    );
  });

  test('where production was failed over to the stage database', () => {
    const outcome = ending('prepare', seen({ access: 'read-only', state: 'frozen', below: 'contoso-sql-2' }));
    expect(outcome).toMatchObject(held('region-mismatch'));
    expect(adviceOf(outcome)).toMatch(/^az sql db replica set-primary .* -s contoso-sql-1 /m);
  });

  test('where somebody has sent users to a copy that is a geo-secondary still, with the commands that take them back', () => {
    const context = { ...own, production: own.stage, stage: own.production };
    const after = seen({ context, access: 'read-only', state: 'frozen', below: 'contoso-sql-1' });
    const [pair] = own.databases;
    if (!pair) throw new Error('there is no database');
    const databases = [{ ...pair, production: pair.stage, stage: pair.production }];
    const outcome = ending('prepare', { ...after, context: { ...context, databases } });
    expect(outcome).toMatchObject(held('region-mismatch'));
    expect(outcome).toMatchObject({
      error: {
        message: expect.stringMatching(/^Somebody has sent users to green .* users can read, not write$/),
      },
    });
    const commands = adviceOf(outcome)
      .split('\n')
      .filter((line) => line.startsWith('az '));
    expect(commands.map((line) => line.replace(/.* -n (\S+) .* (\S+)$/, '$1 $2'))).toEqual([
      'contoso-1 Enabled',
      'contoso-dr Enabled',
      'contoso-2 Disabled',
      'contoso-3 Disabled',
    ]);
  });

  test('where somebody has set production read-only, which is said to be nobody’s purpose', () => {
    const after = seen({ access: 'read-only', state: 'frozen' });
    const outcome = ending('prepare', after);
    expect(outcome).toMatchObject(held('production-frozen-elsewhere'));
    if (outcome.kind !== 'stopped') throw new Error('it is completed');
    const { headline, next } = verdictOf({
      ...{ result: outcome.result, phases: ['prepare'], state: 'frozen', productionSlot: 'blue' },
      ...{ after: after.endpoints, error: outcome.error, also: [], changed: true, notes: [] },
      ...{
        readOnlySeconds: null,
        unfreezeCommands: ['sqlcmd'],
        canServe: [],
        leftBehind: null,
        sentBack: null,
        apart: null,
        failing: [],
        toLookAt: [],
      },
    });
    expect(headline).toContain('PRODUCTION IS READ-ONLY');
    expect(next.join('\n')).not.toMatch(/on purpose|sqlcmd/);
  });

  test('where the copy that was just upgraded is not as it was left', () =>
    expect(ending('upgrade', seen({ access: 'read-only', state: 'frozen' }))).toMatchObject(
      held('stage-compromised'),
    ));

  test('where one of several copies is not, whatever does not answer beside it', () => {
    const after = seen({ access: 'read-only', state: 'frozen' });
    const silent = seen({ access: 'read-only', state: 'frozen', copy: 'unreachable' });
    const databases = [...silent.observed.databases, ...after.observed.databases];
    const both: Seen = { ...after, observed: { ...after.observed, databases } };
    const outcome = ending('upgrade', both);
    expect(outcome).toMatchObject(held('stage-compromised'));
    expect(stateFound(['upgrade'], outcome, both.observed)).toBe('frozen');
  });

  test('where the link to production is there again: a copy that is behind it is not the one that was upgraded', () => {
    const after = seen({ access: 'read-only', state: 'frozen', copy: 'unreachable' });
    const databases = after.observed.databases.map((one) => ({ ...one, link: link() }));
    const linked: Seen = { ...after, observed: { ...after.observed, databases } };
    expect(ending('upgrade', linked)).toMatchObject(held('stage-compromised'));
  });

  test('where production has lost its geo-secondary', () =>
    expect(ending('prepare', seen({ isProtected: false }))).toMatchObject(held('standby-missing')));

  test('where its geo-secondary takes writes of its own, though production still lists the link', () => {
    const { observed } = seen();
    expect(ending('prepare', { ...seen(), backup: observed })).toMatchObject(held('standby-missing'));
    const { observed: readable } = seen({ access: 'read-only' });
    expect(ending('prepare', { ...seen(), backup: readable })).toEqual(completed(true));
  });

  test('where users have no database', () =>
    expect(ending('switch', seen({ access: 'absent', state: 'unknown' }))).toMatchObject(
      held('resource-not-found'),
    ));

  test('where Traffic Manager sends users to where they can only read', () => {
    const more = [view('contoso-sql-dr', 'read-only', { standby: true, site: 'contoso-dr', priority: 2 })];
    const after = seen({ more });
    const degraded = {
      ...after,
      endpoints: [view('contoso-sql-1', 'read-write', { monitorStatus: 'Degraded' }), ...more],
    };
    expect(ending('cleanup', degraded)).toMatchObject(held('production-unhealthy'));
    expect(ending('cleanup', after)).toEqual(completed(true));
  });

  test('after a failover by a rollback as well: no moment passes in which that changes', () => {
    const first = view('contoso-sql-1', 'read-only', { standby: true });
    const endpoints = [view('contoso-sql-dr', 'read-write', { site: 'contoso-dr', priority: 2 }), first];
    const after = { ...seen({ context: failedOver() }), endpoints };
    expect(ending('rollback', after)).toMatchObject(held('production-unhealthy'));
    expect(ending('rollback', { ...after, context: own })).toEqual(completed(true));
  });
});

describe('a rollback after a failover, where slots are swapped and no profile tells where users are', () => {
  const bySwap = { ...failedOver(), config: { ...failedOver().config, switchMethod: 'slot-swap' as const } };
  const left = (changes: Partial<EndpointView>) =>
    seen({ context: bySwap, more: [view('contoso-sql-1', 'read-only', { standby: true, ...changes })] });

  test('is held as long as the site that they open answers, beside what can only be read', () => {
    const site = left({});
    expect(ending('rollback', site)).toMatchObject({ result: 'held', error: { reason: 'region-mismatch' } });
    expect(siteLeftBehind(site)?.databases[0]?.server).toBe('contoso-sql-1');
  });

  test('is not where that site is lost, and users were taken elsewhere', () => {
    expect(ending('rollback', left({ version: null }))).toEqual(completed(true));
  });
});

test('one that has changed nothing says so', () =>
  expect(ending('prepare', seen({ context: failedOver() }), { changed: false })).toMatchObject({
    result: 'refused',
  }));

test('one that was stopped keeps its own reason', () => {
  const own = stopped('held', new UpgradeError('azure-error', 'no'));
  const after = seen({ access: 'absent' });
  expect(asFound(own, { phases: ['prepare'], changed: true, before: null, after })).toBe(own);
});

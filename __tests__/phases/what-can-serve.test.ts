// What the summary tells a person after the primary region was lost.
import { describe, expect, test } from '@jest/globals';
import type { DatabaseObservation, DatabaseSide, Observation } from '../../src/application/observe.ts';
import type { Deployment, Slot, UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { Profile } from '../../src/azure/ports.ts';
import type { JournalStatus } from '../../src/engine/journal.ts';
import { whatCanServe } from '../../src/phases/what-can-serve.ts';
import { config, endpoint, profile, server, slot } from '../guards/parts.ts';

type Access = DatabaseSide['access'];

function side(serverName: string, access: Access, status: JournalStatus | null = null): DatabaseSide {
  const ref = { resourceGroup: 'g', server: serverName, database: 'contoso' };
  const journal = status && {
    version: 1 as const,
    application: 'contoso',
    upgradeId: 'u',
    server: serverName,
    status,
    at: '2026-01-01T00:00:00.000Z',
    frozenAt: null,
    scriptDigest: null,
    runUrl: null,
  };
  return { ref, info: null, links: [], access, why: '', journal };
}

function seen(production: DatabaseSide, stage: DatabaseSide): DatabaseObservation {
  return { name: 'contoso', production, stage, link: null, protection: null };
}

function observation(database: DatabaseObservation, of: Profile | null = null): Observation {
  return {
    profile: of,
    profileUnread: false,
    sites: { production: null, stage: null },
    databases: [database],
    state: 'unknown',
  };
}

function standbySlot(
  name: string,
  standbyServer: string,
  endpointName: string,
  group: string | null = null,
): Slot {
  const backup = {
    ...slot(name),
    resourceGroup: `contoso-${name}-dr`,
    sqlResourceGroup: `contoso-${name}-dr`,
    sqlServer: standbyServer,
    endpoint: { name: endpointName, type: 'external' as const },
  };
  const site = { resourceGroup: 'g', site: name, deploymentSlot: null };
  const standby: Deployment = {
    config: backup,
    server: server(standbyServer, { location: 'westeurope' }),
    site,
  };
  return {
    config: slot(name, { backup, failoverGroup: group }),
    server: server(`contoso-sql-${name}`),
    site,
    standby,
  };
}

/** @param group that the configuration names. @param listed groups on the standby's server; null: it does not tell. */
function context(group: string | null = null, listed: readonly string[] | null = []): UpgradeContext {
  const production = standbySlot('blue', 'contoso-sql-dr', 'contoso-dr', group);
  const stage = standbySlot('green', 'contoso-sql-3', 'contoso-3');
  const listFailoverGroups = async () => {
    if (listed === null) throw new Error('HTTP 503');
    const databaseIds = [
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/x/databases/Contoso',
    ];
    return listed.map((name) => ({ name, databaseIds }));
  };
  const azure = { sql: { listFailoverGroups } };
  return {
    azure,
    config: config({ topology: 'geo-redundant' }),
    production,
    stage,
    databases: [
      { name: 'contoso', production: { server: 'contoso-sql-1' }, stage: { server: 'contoso-sql-2' } },
    ],
  } as unknown as UpgradeContext;
}

/** @param connected whose site users find in the backup region. */
function bySlotSwap(connected: string): UpgradeContext {
  const { azure, production, stage, ...rest } = context();
  const site = { resourceGroup: 'contoso-blue-dr', site: 'contoso-dr', deploymentSlot: null };
  const at = (one: Slot): Slot => ({ ...one, standby: one.standby && { ...one.standby, site } });
  const server = connected === 'blue' ? 'contoso-sql-dr' : 'contoso-sql-3';
  const appService = {
    listConnectionStrings: async () => ({ db: { value: `Server=tcp:${server}.database.windows.net` } }),
    listAppSettings: async () => ({}),
  };
  const on = (name: string) => ({ resourceGroup: 'g', server: name, database: 'contoso' });
  const slots = [production.config, stage.config] as const;
  return {
    ...rest,
    azure: { ...azure, appService } as unknown as UpgradeContext['azure'],
    config: { ...rest.config, slots, switchMethod: 'slot-swap', deploymentSlot: 'staging' },
    production: at(production),
    stage: at(stage),
    databases: [{ name: 'contoso', production: on('contoso-sql-blue'), stage: on('contoso-sql-green') }],
  };
}

const LOST = observation(seen(side('contoso-sql-1', 'unreachable'), side('contoso-sql-2', 'unreachable')));
const backup = (
  dr: Access,
  three: Access,
  status: JournalStatus | null = null,
  production: JournalStatus | null = status && 'freezing',
) => observation(seen(side('contoso-sql-dr', dr, production), side('contoso-sql-3', three, status)));

describe('what can serve', () => {
  test('nothing is said while production answers', async () => {
    const fine = observation(seen(side('contoso-sql-1', 'read-write'), side('contoso-sql-2', 'unreachable')));
    expect(await whatCanServe(context(), fine, backup('read-only', 'read-only'))).toEqual([]);
  });

  test('the standby of production, with the command that lets it', async () => {
    const lines = await whatCanServe(context(), LOST, backup('read-only', 'read-only'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      'az sql db replica set-primary -g contoso-blue-dr -s contoso-sql-dr -n contoso --allow-data-loss',
    );
  });

  test('an upgraded stage is the other choice, and it is said that it is one or the other', async () => {
    const lines = await whatCanServe(context(), LOST, backup('read-only', 'read-only', 'upgraded'));
    expect(lines.join('\n')).toContain('-s contoso-sql-3 -n contoso --allow-data-loss');
    expect(lines[0]).toMatch(/EITHER V1 OR V2 .*never both/);
  });

  test('a stage whose script was not seen to its end everywhere is no choice', async () => {
    const lines = await whatCanServe(context(), LOST, backup('read-only', 'read-only', 'scripted'));
    expect(lines.join('\n')).not.toContain('contoso-sql-3');
  });

  test('an upgraded stage that was kept when V1 was given back lacks what its users have written since', async () => {
    const lines = await whatCanServe(
      context(),
      LOST,
      backup('read-only', 'read-only', 'upgraded', 'unfrozen'),
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('-s contoso-sql-dr');
  });

  test('an upgraded stage is a choice also where V1 cannot be read in the backup region either', async () => {
    const lines = await whatCanServe(context(), LOST, backup('unreachable', 'read-only', 'upgraded'));
    expect(lines.join('\n')).toContain('-s contoso-sql-3 -n contoso --allow-data-loss');
    expect(lines.join('\n')).not.toMatch(/one of the two/);
  });

  test('a stage that users have left again lacks what they have written since', async () => {
    const lines = await whatCanServe(context(), LOST, backup('unreachable', 'read-only', 'returning'));
    expect(lines.join('\n')).not.toContain('-s contoso-sql-3');
  });

  test('sentence, commands, and what follows stand in order', async () => {
    const lines = await whatCanServe(context(), LOST, backup('read-only', 'read-only', 'upgraded'));
    expect(lines.map((line) => line.split('\n'))).toEqual([
      [expect.stringMatching(/never both/)],
      [expect.stringMatching(/^contoso-sql-dr .*: *$/), expect.stringMatching(/^az .*-s contoso-sql-dr/)],
      [expect.stringMatching(/^Then run phase rollback: it makes contoso-sql-dr writable/)],
      [expect.stringMatching(/^contoso-sql-3 .*: *$/), expect.stringMatching(/^az .*-s contoso-sql-3/)],
    ]);
  });

  test.each([
    ['in place of V1', 'blue', true],
    ['and its site is there already', 'green', false],
  ])('V2 by slot swap, %s', async (_, connected, swap) => {
    const lines = await whatCanServe(
      bySlotSwap(connected),
      LOST,
      backup('read-only', 'read-only', 'upgraded'),
    );
    const ofV2 = lines.find((line) => line.includes('-s contoso-sql-3')) ?? '';
    const command =
      'az webapp deployment slot swap -g contoso-blue-dr -n contoso-dr --slot staging --target-slot production';
    expect(ofV2.includes(command)).toBe(swap);
    expect(lines[1]?.includes(command)).toBe(!swap);
  });

  test.each([
    ['is in one', ['contoso-fog-blue']],
    ['is in one as far as the configuration tells', null],
  ])('a database that %s is failed over with its group', async (_, listed) => {
    const lines = await whatCanServe(
      context('contoso-fog-blue', listed),
      LOST,
      backup('read-only', 'read-only'),
    );
    expect(lines[0]).toContain(
      'az sql failover-group set-primary -g contoso-blue-dr -s contoso-sql-dr -n contoso-fog-blue --allow-data-loss',
    );
    expect(lines[0]).not.toContain('az sql db replica');
  });

  test('a group that is named and not made yet fails nothing over', async () => {
    const [said] = await whatCanServe(context('contoso-fog-blue'), LOST, backup('read-only', 'read-only'));
    expect(said).toContain('az sql db replica set-primary');
    expect(said).not.toContain('failover-group');
  });

  test("V2 instead of V1: users are not left with V1's standby, which comes first", async () => {
    const endpoints = [
      endpoint('blue', { status: 'Enabled' }),
      endpoint('contoso-dr', { status: 'Enabled' }),
      endpoint('contoso-3', { status: 'Disabled' }),
    ];
    const lost = { ...LOST, profile: profile({ endpoints }) };
    const lines = await whatCanServe(context(), lost, backup('read-only', 'read-only', 'upgraded'));
    const ofV2 = lines.find((line) => line.includes('-s contoso-sql-3')) ?? '';
    expect(ofV2).toMatch(/-n contoso-3 .*--endpoint-status Enabled/);
    expect(ofV2).toMatch(/-n contoso-dr .*--endpoint-status Disabled/);
    expect(ofV2).toMatch(/-n blue .*--endpoint-status Disabled/);
  });

  test('users are sent there, and not back when the lost region returns', async () => {
    const endpoints = [
      endpoint('blue', { status: 'Enabled' }),
      endpoint('contoso-dr', { status: 'Disabled' }),
    ];
    const lost = { ...LOST, profile: profile({ endpoints }) };
    const [said = ''] = await whatCanServe(context(), lost, backup('read-only', 'absent'));
    const commands = said.split('\n').slice(1);
    expect(commands).toEqual([
      expect.stringContaining('az sql db replica set-primary'),
      expect.stringMatching(/traffic-manager endpoint update .*-n contoso-dr .*--endpoint-status Enabled$/),
      expect.stringMatching(/traffic-manager endpoint update .*-n blue .*--endpoint-status Disabled$/),
    ]);
  });

  test('a name with a blank is quoted for the shell it is copied into', async () => {
    const mixed = context();
    const named = {
      ...mixed.production.config,
      endpoint: { name: 'contoso one', type: 'external' as const },
    };
    const lost = {
      ...LOST,
      profile: profile({ endpoints: [endpoint('contoso one', { status: 'Enabled' })] }),
    };
    const renamed = { ...mixed, production: { ...mixed.production, config: named } };
    const [said] = await whatCanServe(renamed, lost, backup('read-only', 'absent'));
    expect(said).toContain("-n 'contoso one' --type externalEndpoints --endpoint-status Disabled");
  });

  test('a standby that stands by already is left as it is', async () => {
    const on = profile({ endpoints: [endpoint('contoso-dr', { status: 'Enabled' })] });
    const [said] = await whatCanServe(context(), { ...LOST, profile: on }, backup('read-only', 'absent'));
    expect(said).not.toMatch(/endpoint update/);
  });

  test('a standby that does not answer either is no help, and that is said', async () => {
    const lines = await whatCanServe(context(), LOST, backup('unreachable', 'unreachable'));
    expect(lines).toEqual([expect.stringMatching(/contoso-sql-dr .*cannot be read either/)]);
  });

  test('the copy for the next upgrade is no upgraded stage, whatever came with its data', async () => {
    const copy = side('contoso-sql-3', 'read-only', 'serving');
    const journal = copy.journal && { ...copy.journal, server: context().production.config.sqlServer };
    const there = observation(seen(side('contoso-sql-dr', 'unreachable'), { ...copy, journal }));
    const lines = await whatCanServe(context(), LOST, there);
    expect(lines.join('\n')).not.toContain('contoso-sql-3');
  });
});

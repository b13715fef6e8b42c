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
  return { profile: of, sites: { production: null, stage: null }, databases: [database], state: 'unknown' };
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
  } as unknown as UpgradeContext;
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
    expect(lines.at(-1)).toMatch(/never both/);
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

  test('a standby that stands by already is left as it is', async () => {
    const on = profile({ endpoints: [endpoint('contoso-dr', { status: 'Enabled' })] });
    const [said] = await whatCanServe(context(), { ...LOST, profile: on }, backup('read-only', 'absent'));
    expect(said).not.toMatch(/endpoint update/);
  });

  test('a standby that does not answer either is no help, and that is said', async () => {
    const lines = await whatCanServe(context(), LOST, backup('unreachable', 'unreachable'));
    expect(lines).toEqual([expect.stringMatching(/contoso-sql-dr .*cannot be read either/)]);
  });
});

// Topology geo-redundant in its variants.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LocalAzure, startLocalAzure } from '../../../local-azure/start.ts';
import { DEFAULTS, type LocalAzureOptions } from '../../../local-azure/topologies/options.ts';
import { formatConnectionString } from '../../../local-azure/web/connection-string.ts';
import { ask, leadsTo, whereUsersGo } from './whole-azure.ts';

const PRIMARY = 'contoso-sql-1';
const STANDBY = 'contoso-sql-dr';
const DATABASE = 'contoso';

let azure: LocalAzure | null = null;

afterEach(async () => {
  await azure?.close();
  azure = null;
});

async function start(change: Partial<LocalAzureOptions>): Promise<LocalAzure> {
  azure = await startLocalAzure({ ...DEFAULTS, topology: 'geo-redundant', orders: 20, ...change });
  return azure;
}

/** To a database by another server's name, as its owner would. */
function connectSite(local: LocalAzure, name: string, host: string): void {
  const { user, password } = local.description.sqlLogin;
  const value = formatConnectionString({ host, port: 1433, database: DATABASE, user, password });
  local.arm.web.changeSite(name, null, { connectionStrings: { contoso: { value, type: 'SQLAzure' } } });
}

const site = (name: string) => `${name}.azurewebsites.net`;

function config(local: LocalAzure, version: '' | '-v3' = ''): Promise<string> {
  const workspace = local.description.environment.GITHUB_WORKSPACE ?? '';
  return readFile(join(workspace, `.github/rolling-upgrade${version}.yml`), 'utf8');
}

describe('topology geo-redundant', () => {
  test('slot-swap: one web app a region, each with a deployment slot tied to the stage databases', async () => {
    const local = await start({ switchMethod: 'slot-swap' });
    expect((await ask(local, site('contoso'))).body).toMatchObject({ version: '1.0.0', writable: true });
    expect((await ask(local, site('contoso-dr'))).body).toMatchObject({ version: '1.0.0', writable: false });
    for (const staging of ['contoso-staging', 'contoso-dr-staging']) {
      expect(await ask(local, site(staging))).toMatchObject({ status: 503, body: { version: '2.0.0' } });
    }
    expect(await whereUsersGo(local)).toBe(site('contoso'));
    expect(await config(local)).toContain(
      [
        '  green:',
        '    resource-group: contoso-green',
        '    sql-server: contoso-sql-2',
        '    web-app: { name: contoso, resource-group: contoso-blue }',
        '    backup:',
        '      resource-group: contoso-green-dr',
        '      sql-server: contoso-sql-3',
        '      web-app: { name: contoso-dr, resource-group: contoso-blue-dr }',
      ].join('\n'),
    );
  });

  test('no stage sites, no profile, SQL logins: users go straight to the primary region', async () => {
    const local = await start({ createWebApp: true, profile: 'absent', sqlLogins: true });
    expect(await whereUsersGo(local)).toBe(site('contoso-1'));
    for (const stage of ['contoso-2', 'contoso-3']) {
      expect((await ask(local, site(stage))).status).toBe(404);
    }
    await local.deploy('contoso-3', null, '2.0.0');
    expect((await ask(local, site('contoso-3'))).status).toBe(503);
    expect(local.description.environment.SQL_PASSWORD).toBe(local.description.sqlLogin.password);
  });

  test('failover group: its listeners lead to its two servers, in DNS and for a site', async () => {
    const local = await start({ failoverGroup: true });
    expect(local.state().arm).toMatchObject({
      sqlServers: [
        { failoverGroups: [{ name: 'contoso-fog-blue', partner: STANDBY, databases: [DATABASE] }] },
        { failoverGroups: [] },
        { failoverGroups: [] },
        { failoverGroups: [] },
      ],
    });
    const listener = 'contoso-fog-blue.database.windows.net';
    const readOnlyListener = 'contoso-fog-blue.secondary.database.windows.net';
    expect(await leadsTo(local, listener)).toBe(`${PRIMARY}.database.windows.net`);
    expect(await leadsTo(local, readOnlyListener)).toBe(`${STANDBY}.database.windows.net`);
    expect(await leadsTo(local, 'contoso-fog-green.database.windows.net')).toBe('no-such-name');

    connectSite(local, 'contoso-1', listener);
    expect((await ask(local, site('contoso-1'))).body).toMatchObject({ writable: true });
    connectSite(local, 'contoso-1', readOnlyListener);
    expect((await ask(local, site('contoso-1'))).body).toMatchObject({ writable: false });
  });

  test('the configuration names places in both regions, and failover groups only where asked for', async () => {
    const plain = await config(await start({}));
    expect(plain).toContain(
      [
        '  blue:',
        '    resource-group: contoso-blue',
        '    sql-server: contoso-sql-1',
        '    web-app: { name: contoso-1, mode: existing }',
        '    endpoint: { name: contoso-1, type: external }',
        '    backup:',
        '      resource-group: contoso-blue-dr',
        '      sql-server: contoso-sql-dr',
        '      web-app: { name: contoso-dr, mode: existing }',
        '      endpoint: { name: contoso-dr, type: external }',
        '  green:',
      ].join('\n'),
    );
    expect(plain).toContain('standby:\n  mode: chained\n');
    expect(plain).not.toContain('failover-group');
    await azure?.close();
    const local = await start({ failoverGroup: true, standby: 'after-termination' });
    for (const version of ['', '-v3'] as const) {
      const grouped = await config(local, version);
      expect(grouped).toContain('    failover-group: contoso-fog-blue\n');
      expect(grouped).toContain('    failover-group: contoso-fog-green\n');
      expect(grouped).toContain('standby:\n  mode: after-termination\n');
    }
  });
});

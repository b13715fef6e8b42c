// Clients that nobody here wrote: Debian's az, FreeTDS's tsql, dig, curl. Each says so where it is not installed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { IDS, PRINCIPAL } from '../../../local-azure/topologies/contoso.ts';
import { isInstalled, type Output, type Running, run, startProcess } from './running.ts';

let azure: Running;
let directory: string;

beforeAll(async () => {
  azure = await startProcess();
  directory = await mkdtemp(join(tmpdir(), 'az-'));
});

afterAll(async () => {
  await azure?.stop();
  await rm(directory, { recursive: true, force: true });
});

function describeWith(program: string, tests: () => void): void {
  if (isInstalled(program)) describe(program, tests);
  else test(`skipped: ${program} is not installed`, () => undefined);
}

describeWith('az', () => {
  const az = (...args: string[]): Promise<Output> =>
    run('az', args, {
      AZURE_CONFIG_DIR: directory,
      AZURE_CORE_COLLECT_TELEMETRY: '0',
      REQUESTS_CA_BUNDLE: azure.ready.ca,
    });
  const json = async (...args: string[]) => {
    const { code, out, err } = await az(...args, '--output', 'json');
    if (code !== 0) throw new Error(`az ${args.join(' ')}: ${err}`);
    return JSON.parse(out);
  };

  beforeAll(async () => {
    const { arm, authority } = azure.ready;
    const endpoints = {
      'resource-manager': arm,
      management: arm,
      'active-directory': `${authority}/adfs`,
      'active-directory-resource-id': 'https://management.core.windows.net/',
      'active-directory-graph-resource-id': 'https://graph.microsoft.com/',
    };
    const flags = Object.entries(endpoints).flatMap(([name, url]) => [`--endpoint-${name}`, url]);
    await az('cloud', 'register', '--name', 'LocalAzure', ...flags);
    await az('cloud', 'set', '--name', 'LocalAzure');
  });

  const login = (secret: string) =>
    az('login', '--service-principal', '-u', PRINCIPAL.appId, '-p', secret, '--tenant', 'adfs');

  test('a wrong secret is refused with Entra’s code', async () => {
    const refused = await login('wrong');
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain('AADSTS7000215');
  });

  test('logs in and sees the subscription, databases, sites and the profile', async () => {
    const secret = azure.ready.environment.AZURE_CLIENT_SECRET ?? '';
    const loggedIn = await login(secret);
    expect(loggedIn.err).not.toContain('ERROR');
    expect(JSON.parse(loggedIn.out)).toMatchObject([{ id: IDS.subscription, state: 'Enabled' }]);

    const database = ['-g', 'contoso-blue', '-s', 'contoso-sql-blue', '-n', 'contoso'];
    expect(await json('sql', 'db', 'show', ...database)).toMatchObject({
      name: 'contoso',
      status: 'Online',
      currentServiceObjectiveName: 'S1',
    });
    const sites: { defaultHostName: string }[] = await json('webapp', 'list');
    expect(sites.map((site) => site.defaultHostName).sort()).toEqual([
      'contoso-blue.azurewebsites.net',
      'contoso-green.azurewebsites.net',
    ]);
    // Not `az network`: Debian 12's package lacks the module it imports (v2021_08_01) and fails on --help too.
    const profile =
      `/subscriptions/${IDS.subscription}/resourceGroups/contoso-traffic/providers/Microsoft.Network` +
      '/trafficManagerProfiles/contoso?api-version=2018-08-01';
    const resource = ['--resource', 'https://management.core.windows.net/'];
    const url = ['--url', `${azure.ready.arm}${profile}`];
    expect(await json('rest', '--method', 'get', ...url, ...resource)).toMatchObject({
      properties: { dnsConfig: { fqdn: 'contoso.trafficmanager.net' } },
    });
  });
});

describeWith('tsql', () => {
  const tsql = (password: string, script: string) => {
    const [host = '', port = ''] = (azure.ready.sql['contoso-sql-blue'] ?? '').split(':');
    const { user } = azure.ready.sqlLogin;
    return run('tsql', ['-H', host, '-p', port, '-U', user, '-P', password, '-D', 'contoso'], {}, script);
  };

  test('logs in with the SQL administrator and reads rows', async () => {
    const script = 'SELECT COUNT(*) AS [orders] FROM [dbo].[Orders]\nGO\nexit\n';
    const { out } = await tsql(azure.ready.sqlLogin.password, script);
    expect(out).toMatch(/\borders\b\s+400\b/);
  });

  test('a wrong password is refused', async () => {
    const { out, err } = await tsql('wrong', 'exit\n');
    expect(out + err).toContain('18456');
  });
});

describeWith('dig', () => {
  const dig = async (...args: string[]) => {
    const [host, port = ''] = azure.ready.dns.split(':');
    return (await run('dig', [`@${host}`, '-p', port, ...args])).out;
  };

  test('the public name leads to the site, over UDP and TCP', async () => {
    const chain = ['contoso.trafficmanager.net.', 'contoso-blue.azurewebsites.net.', '127.0.0.1', ''].join(
      '\n',
    );
    expect(await dig('www.contoso.example', '+short')).toBe(chain);
    expect(await dig('www.contoso.example', '+short', '+tcp')).toBe(chain);
  });

  test('NXDOMAIN for a name that nobody has', async () => {
    expect(await dig('contoso-red.azurewebsites.net')).toContain('status: NXDOMAIN');
  });
});

describeWith('curl', () => {
  test('opens the public name as a browser would, and the certificate is right', async () => {
    const cloud = JSON.parse(azure.ready.environment.INPUT_AZURE_ENVIRONMENT ?? '{}');
    const port = String(cloud.connectTo['contoso-blue.azurewebsites.net:443']).split(':')[1];
    const to = `www.contoso.example:443:127.0.0.1:${port}`;
    const { out } = await run('curl', [
      ...['--silent', '--show-error', '--cacert', azure.ready.ca, '--connect-to', to],
      'https://www.contoso.example/health',
    ]);
    expect(JSON.parse(out)).toEqual({ version: '1.0.0', database: 'ok', writable: true });
  });
});

// Whatever is sent to Resource Manager, it is refused in Azure's form or done, never a 500, and others are served on.
import { once } from 'node:events';
import { request } from 'node:https';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSqlManagement } from '../../src/azure/arm-sql.ts';
import { createTrafficManager } from '../../src/azure/traffic-manager.ts';
import { type EmbeddedArm, startEmbeddedArm } from '../azure/embedded-arm.ts';
import { mutation } from './mutations.ts';

let azure: EmbeddedArm;
let origin: URL;
beforeAll(async () => {
  azure = await startEmbeddedArm();
  origin = new URL(azure.context.environment.resourceManager);
});
afterAll(() => azure.close());

const group = (name: string) => `/subscriptions/${azure.context.subscriptionId}/resourceGroups/${name}`;
const RESOURCES: Readonly<Record<string, { path: () => string; body: unknown }>> = {
  'a database': {
    path: () =>
      `${group('contoso-green')}/providers/Microsoft.Sql/servers/contoso-sql-green/databases/other?api-version=2023-08-01`,
    body: {
      location: 'northeurope',
      sku: { name: 'S1', tier: 'Standard', capacity: 20 },
      tags: { a: 'b' },
      properties: { createMode: 'Default', maxSizeBytes: 1 },
    },
  },
  'a firewall rule': {
    path: () =>
      `${group('contoso-green')}/providers/Microsoft.Sql/servers/contoso-sql-green/firewallRules/other?api-version=2023-08-01`,
    body: { properties: { startIpAddress: '10.0.0.1', endIpAddress: '10.0.0.2' } },
  },
  'a profile': {
    path: () =>
      `${group('contoso-traffic')}/providers/Microsoft.Network/trafficManagerProfiles/other?api-version=2022-04-01`,
    body: {
      location: 'global',
      properties: {
        trafficRoutingMethod: 'Priority',
        dnsConfig: { relativeName: 'other', ttl: 30 },
        monitorConfig: {
          protocol: 'HTTPS',
          port: 443,
          path: '/',
          customHeaders: [{ name: 'a', value: 'b' }],
        },
        endpoints: [
          {
            name: 'e',
            type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
            properties: { target: 'a.example', endpointStatus: 'Enabled', priority: 1 },
          },
        ],
      },
    },
  },
  'a site': {
    path: () => `${group('contoso-green')}/providers/Microsoft.Web/sites/other?api-version=2024-04-01`,
    body: {
      location: 'northeurope',
      kind: 'app,linux',
      properties: { serverFarmId: 'plan-green', siteConfig: { appSettings: [{ name: 'a', value: 'b' }] } },
    },
  },
};

/** The value with one thing in it that is something else. */
function disturbed(value: unknown): fc.Arbitrary<unknown> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return fc.jsonValue({ maxDepth: 2 });
  const inside = entries.map(([name, inner]) =>
    disturbed(inner).map((other) =>
      Array.isArray(value)
        ? value.map((each, at) => (String(at) === name ? other : each))
        : { ...(value as object), [name]: other },
    ),
  );
  return fc.oneof(
    { weight: 6, arbitrary: fc.oneof(...inside) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}

/** On a connection of its own. */
function send(method: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
  const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = origin;
    const sent = request({ host, port, path, method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : JSON.stringify(body));
  });
}

/** A profile with one endpoint and a server, as they were. */
async function expectServed(): Promise<void> {
  const { context } = azure;
  const server = { resourceGroup: 'contoso-blue', server: 'contoso-sql-blue' };
  await expect(createSqlManagement(context).getServer(server)).resolves.toMatchObject({
    location: 'northeurope',
  });
  const profile = { resourceGroup: 'contoso-traffic', profile: 'contoso' };
  await expect(createTrafficManager(context).getProfile(profile)).resolves.toMatchObject({ ttlSeconds: 10 });
}

describe.each(Object.keys(RESOURCES))('%s', (kind) => {
  test.each(['PUT', 'PATCH'])('with something in its body that is something else: %s', async (method) => {
    const resource = RESOURCES[kind];
    if (!resource) throw new Error(kind);
    await fc.assert(
      fc.asyncProperty(disturbed(resource.body), async (body) => {
        const { status, text } = await send(method, resource.path(), body);
        expect([status < 500, text]).toEqual([true, text]);
        // Azure's own form, or that of App Service.
        if (status >= 400)
          expect(text).toMatch(/^\{"error":\{"code":"\w+","message":"|^\{"Code":"\w+","Message":"/);
      }),
      { numRuns: 30 },
    );
    await expectServed();
  });
});

test('paths of any kind', async () => {
  const segment = fc.oneof(
    fc.constantFrom(
      'subscriptions',
      'resourceGroups',
      'contoso-blue',
      'providers',
      'Microsoft.Sql',
      'servers',
      '..',
      '%00',
      '%',
      '%zz',
      '%2f',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }).map(encodeURIComponentSafely),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(segment, { maxLength: 10 }),
      fc.constantFrom('GET', 'PUT', 'DELETE', 'POST'),
      async (path, method) => {
        const { status } = await send(method, `/${path.join('/')}?api-version=2023-08-01`, {});
        expect(status).toBeLessThan(500);
      },
    ),
    { numRuns: 60 },
  );
  await expectServed();
});

function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

test('what is no HTTP is answered or closed', async () => {
  const bytes = Buffer.from(
    `PUT ${group('contoso-blue')}?api-version=2021-04-01 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{"location": "northeurope"}`,
  );
  await fc.assert(
    fc.asyncProperty(mutation, async (mutate) => {
      const socket = tls.connect({
        host: '127.0.0.1',
        port: Number(origin.port),
        servername: 'localhost',
        rejectUnauthorized: false,
      });
      socket.on('error', () => undefined);
      await once(socket, 'secureConnect');
      const closed = once(socket, 'close');
      socket.resume();
      socket.end(mutate(bytes));
      await closed;
    }),
    { numRuns: 30 },
  );
  await expectServed();
});

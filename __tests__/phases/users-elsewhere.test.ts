// The database was failed over and its endpoint was not: which endpoint has to go offline, and when none has to.
import { expect, test } from '@jest/globals';
import type { DatabaseSide, Observation } from '../../src/application/observe.ts';
import { failedOver } from '../../src/phases/failed-over.ts';
import { usersElsewhere } from '../../src/phases/users-elsewhere.ts';
import { databaseInfo, endpoint, link, profile } from '../guards/parts.ts';
import { removalWorld } from '../steps/removal-world.ts';

async function advice(
  region: DatabaseSide['access'],
  first: Parameters<typeof endpoint>[1] = {},
): Promise<readonly string[]> {
  const { context: before } = removalWorld({ production: 'blue', databases: { 1: {}, dr: {} } });
  const sql = {
    getDatabase: async () => databaseInfo(),
    listLinks: async () => [link({ role: 'Primary', partnerServer: 'contoso-sql-1' })],
  };
  const config = {
    ...before.config,
    trafficManager: {
      resourceGroup: 'contoso-traffic',
      profile: 'contoso',
      publicName: null,
      dnsName: 'contoso',
      ttlSeconds: 30,
    },
  };
  const context = await failedOver({ ...before, config, azure: { sql } } as unknown as typeof before);
  const seen = (access: DatabaseSide['access'], endpoints = [endpoint('contoso-1')]) =>
    ({ profile: profile({ endpoints }), databases: [{ production: { access } }] }) as unknown as Observation;
  const endpoints = [
    endpoint('contoso-1', { status: 'Enabled', priority: 1, ...first }),
    endpoint('contoso-dr', { status: 'Enabled', priority: 2 }),
  ];
  return usersElsewhere(context, seen('read-write', endpoints), seen(region));
}

test('the endpoint beside the database that can only be read goes offline', async () => {
  const [said, ...more] = await advice('read-only');
  expect(more).toEqual([]);
  expect(said).toContain('contoso-sql-1 beside it can only be read: contoso-sql-dr takes writes');
  expect(said?.split('\n').slice(1)).toEqual([
    'az network traffic-manager endpoint update -g contoso-traffic --profile-name contoso -n contoso-1 --type externalEndpoints --endpoint-status Disabled',
  ]);
});

test.each<[string, DatabaseSide['access'], Parameters<typeof endpoint>[1]]>([
  ['is offline already', 'read-only', { status: 'Disabled' }],
  ['is not healthy, so that nobody is sent there', 'read-only', { monitorStatus: 'Degraded' }],
  ['does not answer', 'unreachable', {}],
])('nothing is said where it %s', async (_, access, changes) => {
  expect(await advice(access, changes)).toEqual([]);
});

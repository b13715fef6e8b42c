// Giving production back needs production alone: what Azure does not tell of the other servers is not waited for.
import { expect, test } from '@jest/globals';
import { connectApplication, connectWhatAnswers } from '../../src/phases/connect-application.ts';
import { endpoint, profile, server } from '../guards/parts.ts';
import { removalWorld } from '../steps/removal-world.ts';

const forEver = () => new Promise<never>(() => {});
const profileRef = {
  resourceGroup: 'g',
  profile: 'contoso',
  publicName: null,
  dnsName: 'contoso',
  ttlSeconds: 30,
};

test('a backup region whose requests hang holds nothing up for minutes', async () => {
  const { context, clock } = removalWorld({ production: 'blue', databases: { 1: {}, dr: {} } });
  const silent = (name: string) => name === 'contoso-sql-dr' || name === 'contoso-sql-3';
  const azure = {
    ...context.azure,
    trafficManager: {
      getProfile: async () => profile({ endpoints: [endpoint('contoso-1', { status: 'Enabled' })] }),
    },
    sql: {
      getServer: ({ server: name }: { server: string }) =>
        silent(name) ? forEver() : Promise.resolve(server(name)),
      getDatabase: forEver,
      listLinks: forEver,
    },
  } as unknown as typeof context.azure;
  const config = { ...context.config, trafficManager: profileRef };
  const connecting = connectWhatAnswers({ ...context, azure, config });

  for (let second = 0; second < 25; second++) await clock.advance(1_000);
  const { production } = await connecting;
  expect(clock.sleepers()).toBe(0);
  expect(production.server.fullyQualifiedDomainName).toContain('contoso-sql-1.');
  expect(production.standby?.server).toMatchObject({
    fullyQualifiedDomainName: expect.stringContaining('contoso-sql-dr.'),
    id: expect.stringMatching(/\/resourceGroups\/contoso-blue-dr\/.*\/servers\/contoso-sql-dr$/),
    location: null,
  });
});

test('a server that is not in its resource group is searched for in all: the group may be the one that is misspelt', async () => {
  const { context } = removalWorld({ production: 'blue', databases: { 1: {}, dr: {} } });
  const azure = {
    ...context.azure,
    trafficManager: {
      getProfile: async () => profile({ endpoints: [endpoint('contoso-1', { status: 'Enabled' })] }),
    },
    sql: { getServer: async () => null },
  } as unknown as typeof context.azure;
  const config = { ...context.config, trafficManager: profileRef };
  await expect(connectApplication({ ...context, azure, config })).rejects.toMatchObject({
    reason: 'resource-not-found',
    advice: [
      expect.stringMatching(
        /^Correct resource-group or sql-server .*\naz sql server list --query .*contoso-sql-/,
      ),
    ],
  });
});

// A resource manager on loopback, seeded like the example company, and the real SDKs pointed at it.
import { WebSiteManagementClient } from '@azure/arm-appservice';
import { SqlManagementClient } from '@azure/arm-sql';
import { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import type { TokenCredential } from '@azure/core-auth';
import type { Arm, ArmOptions } from '../../../../local-azure/arm/create-arm.ts';
import { createArm } from '../../../../local-azure/arm/create-arm.ts';
import { startArm } from '../../../../local-azure/arm/start-arm.ts';
import { createCertificates } from '../../../../local-azure/certificates.ts';
import { systemClock } from '../../../../local-azure/clock.ts';
import { TokenRejected } from '../../../../local-azure/entra/access-tokens.ts';
import { createFaults } from '../../../../local-azure/faults.ts';
import { createLatency } from '../../../../local-azure/latency.ts';
import { createRandom } from '../../../../local-azure/random.ts';
import { createMemorySqlFabric, createRecordingTrafficFabric, createRecordingWebFabric } from './fabrics.ts';
import { createCaller } from './raw-client.ts';

export const SUBSCRIPTION = '5b2c7a10-0f3e-4d1c-9a55-3f1d2b6c8e01';
export const TENANT = '7f4a9c32-61b8-4e0d-8c27-a9d05e3b1f02';
export const OBJECT_ID = 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a04';
export const APP_ID = 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a03';
const AUDIENCE = 'https://management.core.windows.net/';

export const BLUE_SQL = `/subscriptions/${SUBSCRIPTION}/resourceGroups/contoso-blue/providers/Microsoft.Sql/servers/contoso-sql-blue`;
export const GREEN_SQL = `/subscriptions/${SUBSCRIPTION}/resourceGroups/contoso-green/providers/Microsoft.Sql/servers/contoso-sql-green`;
export const PROFILE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/contoso-traffic/providers/Microsoft.Network/trafficManagerProfiles/contoso`;
export const siteId = (colour: 'blue' | 'green') =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/contoso-${colour}/providers/Microsoft.Web/sites/contoso-${colour}`;

export type TestArm = Awaited<ReturnType<typeof startTestArm>>;

export async function startTestArm(change: Partial<ArmOptions> = {}) {
  const clock = systemClock();
  const random = createRandom(7);
  const fabric = createMemorySqlFabric(clock, random);
  const web = createRecordingWebFabric();
  const traffic = createRecordingTrafficFabric();
  const faults = createFaults();
  const arm = createArm({
    subscriptionId: SUBSCRIPTION,
    tenantId: TENANT,
    audiences: [AUDIENCE],
    authority: `https://localhost/${TENANT}`,
    verifyToken,
    fabric,
    web,
    traffic,
    faults,
    latency: createLatency('off', 1),
    clock,
    random,
    ...change,
  });
  seed(arm);
  const certificates = await createCertificates();
  const running = await startArm(arm, certificates);
  const endpoint = `https://localhost:${running.port}`;
  const credential: TokenCredential = {
    getToken: () => Promise.resolve({ token: 'valid', expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const options = {
    endpoint,
    tlsOptions: { ca: certificates.ca },
    credentials: { scopes: [`${AUDIENCE}/.default`] },
    retryOptions: { maxRetries: 0 },
  };
  return {
    arm,
    fabric,
    web,
    traffic,
    faults,
    endpoint,
    /** For clients that only some tests need. */
    connection: { credential, options },
    call: createCaller(endpoint, certificates.ca),
    sql: new SqlManagementClient(credential, SUBSCRIPTION, options),
    trafficManager: new TrafficManagerManagementClient(credential, SUBSCRIPTION, options),
    appService: new WebSiteManagementClient(credential, SUBSCRIPTION, options),
    close: running.close,
  };
}

function verifyToken(token: string) {
  if (token === 'valid') return { objectId: OBJECT_ID, appId: APP_ID };
  if (token === 'expired') throw new TokenRejected('expired', 'The access token expired.');
  if (token === 'for sql') throw new TokenRejected('audience', 'Wrong audience.');
  throw new TokenRejected('signature', 'Not ours.');
}

function seed(arm: Arm): void {
  arm.setGrants(OBJECT_ID, [{ scope: `/subscriptions/${SUBSCRIPTION}`, actions: ['*'], notActions: [] }]);
  for (const name of ['contoso-blue', 'contoso-green', 'contoso-traffic'])
    arm.createGroup({ name, location: 'northeurope', tags: {} });
  for (const colour of ['blue', 'green'] as const) {
    const group = `contoso-${colour}`;
    arm.sql.createServer({
      name: `contoso-sql-${colour}`,
      group,
      location: 'northeurope',
      administratorLogin: 'contoso-admin',
      administratorPassword: 'Aa1-not-a-secret',
    });
    arm.web.createPlan({
      name: `contoso-${colour}-plan`,
      group,
      location: 'northeurope',
      sku: 'S1',
      linux: true,
    });
    arm.web.createSite({
      name: group,
      group,
      location: 'northeurope',
      plan: `contoso-${colour}-plan`,
      kind: 'app,linux',
      appSettings: { WEBSITE_RUN_FROM_PACKAGE: 'https://packages.contoso.example/contoso-1.0.0.zip' },
      connectionStrings: { contoso: { value: `Server=contoso-sql-${colour}`, type: 'SQLAzure' } },
      config: { linuxFxVersion: 'NODE|24-lts', healthCheckPath: '/health' },
      hostNames: ['www.contoso.example'],
    });
  }
  arm.sql.createDatabase({ server: 'contoso-sql-blue', name: 'contoso', sku: 'S1' });
  arm.trafficManager.createProfile({
    name: 'contoso',
    group: 'contoso-traffic',
    relativeName: 'contoso',
    ttlSeconds: 10,
    routingMethod: 'Priority',
    monitor: { protocol: 'HTTPS', port: 443, path: '/health', intervalInSeconds: 10 },
    endpoints: [
      {
        name: 'blue',
        type: 'externalEndpoints',
        status: 'Enabled',
        priority: 1,
        target: 'contoso-blue.azurewebsites.net',
      },
    ],
  });
}

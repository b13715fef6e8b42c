// A pair of cloud services on the resource manager of the tests, and requests as they are written.
import {
  renderConfiguration,
  servicePackageUrl,
} from '../../../../../local-azure/arm/compute/cloud-services/packages.ts';
import {
  asObject,
  asText,
  type JsonObject,
  type JsonValue,
} from '../../../../../local-azure/arm/core/json.ts';
import { systemClock } from '../../../../../local-azure/clock.ts';
import { createComputeFabric } from '../../../../../local-azure/compute/create-fabric.ts';
import { createLatency, type Latency } from '../../../../../local-azure/latency.ts';
import type { RawAnswer } from '../../support/raw-client.ts';
import { SUBSCRIPTION, startTestArm } from '../../support/test-arm.ts';

const GROUP = 'contoso-service';
const ABOVE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers`;
export const V = 'api-version=2024-11-04';
const NETWORK = 'api-version=2026-01-01';
export const CLOUD = 'contoso-cloud';
export const STAGE = 'contoso-cloud-stage';
export const servicePath = (name: string) => `${ABOVE}/Microsoft.Compute/cloudServices/${name}`;
export const addressOf = (name: string) => `${ABOVE}/Microsoft.Network/publicIPAddresses/${name}`;
const COUNTS = { WebRole: 8, WorkerRole: 9 };

export interface Wanted {
  readonly service?: string;
  readonly mode?: 'Auto' | 'Manual' | 'Simultaneous';
  readonly partner?: string | null;
  readonly counts?: Readonly<Record<string, number>>;
  /** Of the role profile, where it is to differ. */
  readonly capacity?: number;
}

/** Properties of a whole PUT. */
export function properties(version: string, wanted: Wanted = {}): JsonObject {
  const { service = CLOUD, mode = 'Manual', partner = STAGE, counts = COUNTS, capacity } = wanted;
  return {
    packageUrl: `${servicePackageUrl(version)}?sig=not-a-secret`,
    configuration: renderConfiguration(counts, { Version: version }),
    upgradeMode: mode,
    roleProfile: {
      roles: Object.entries(counts).map(([name, count]) => ({
        name,
        sku: { name: 'Standard_D2_v2', tier: 'Standard', capacity: capacity ?? count },
      })),
    },
    networkProfile: {
      loadBalancerConfigurations: [
        {
          name: 'lb',
          properties: {
            frontendIPConfigurations: [
              { name: 'frontend', properties: { publicIPAddress: { id: addressOf(service) } } },
            ],
          },
        },
      ],
      ...(partner === null ? {} : { swappableCloudService: { id: servicePath(partner) } }),
    },
  };
}

export type CloudArm = Awaited<ReturnType<typeof startCloudArm>>;

/** @param pace of Azure's own durations; null: none. */
export async function startCloudArm(pace: number | null = null) {
  const clock = systemClock();
  const latency: Latency = pace === null ? createLatency('off', 1) : createLatency('typical', pace);
  const compute = createComputeFabric({ clock, latency });
  compute.setVersionBehaviour('3.0.0', { unhealthyAfterMs: 0 });
  compute.setVersionBehaviour('4.0.0', { neverStarts: true });
  const azure = await startTestArm({ clock, latency, compute });
  azure.arm.createGroup({ name: GROUP, location: 'northeurope', tags: {} });
  const place = { group: GROUP, location: 'northeurope' };
  const [first, second] = [
    properties('1.0.0', { partner: null }),
    properties('1.0.0', { service: STAGE, partner: CLOUD }),
  ];
  azure.arm.cloudServices.createService({ ...place, name: CLOUD, properties: first });
  azure.arm.cloudServices.createService({ ...place, name: STAGE, properties: second });

  const call = (method: string, path: string, body?: JsonValue): Promise<RawAnswer> =>
    azure.call(
      method,
      `${path}${path.includes('?') ? '&' : '?'}${path.includes('cloudServiceSlots') ? NETWORK : V}`,
      body === undefined ? {} : { body },
    );
  /** Follows an accepted operation to its end. */
  const settled = async (answer: RawAnswer): Promise<JsonObject> => {
    const header = answer.headers['azure-asyncoperation'];
    if (typeof header !== 'string') throw new Error(`Not accepted: ${answer.status} ${answer.text}`);
    const { pathname, search } = new URL(header);
    for (;;) {
      const { body } = await azure.call('GET', pathname + search);
      if (body.status !== 'InProgress') return body;
      await clock.sleep(5);
    }
  };
  const put = (version: string, wanted: Wanted = {}) =>
    call('PUT', servicePath(wanted.service ?? CLOUD), {
      location: 'northeurope',
      properties: properties(version, wanted),
    });
  const walk = (domain: number | string, service = CLOUD) =>
    call('PUT', `${servicePath(service)}/updateDomains/${domain}`);
  const swap = (slotType: string, service = CLOUD) =>
    call('PUT', `${servicePath(service)}/providers/Microsoft.Network/cloudServiceSlots/swap`, {
      properties: { slotType },
    });
  const read = async (service = CLOUD) => asObject((await call('GET', servicePath(service))).body.properties);
  const instances = (service = CLOUD) =>
    Object.keys(COUNTS).flatMap((role) => compute.instances(`${servicePath(service)}/roles/${role}`));
  /** Domain by domain, the versions that run there. */
  const versions = (service = CLOUD) =>
    [0, 1].map((domain) => [
      ...new Set(
        instances(service)
          .filter((each) => each.updateDomain === domain)
          .map((each) => each.model.version),
      ),
    ]);
  /** Status codes of the service as a whole. */
  const statuses = async (service = CLOUD): Promise<(string | null)[]> => {
    const { statuses: found } = (await call('GET', `${servicePath(service)}/instanceView`)).body;
    return (Array.isArray(found) ? found : []).map((status: JsonValue) => asText(asObject(status).code));
  };
  return { ...azure, clock, compute, call, settled, put, walk, swap, read, instances, versions, statuses };
}

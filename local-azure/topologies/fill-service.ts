// Topology upgrade-domains: services made of instances, each role behind a load balancer that users ask.
import { startBalancer } from '../load-balancer/front-end.ts';
import type { Contents, Parts } from './contents.ts';
import {
  CLOUD_ROLES,
  CLOUD_SERVICES,
  publicIpAddressId,
  SCALE_SET_ENDPOINTS,
  SCALE_SETS,
  SERVICE_REGION,
  scaleSetId,
  serviceHost,
} from './contoso-service.ts';
import { grantCustomRole } from './custom-role.ts';
import { seedService } from './seed-service.ts';

interface Endpoint {
  readonly name: string;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** The role it leads to now. */
  role(): string | null;
}

const TTL_SECONDS = 60;

export async function fillService(parts: Parts): Promise<Contents> {
  const { ground, arm, compute, traffic } = parts;
  await grantCustomRole(arm);
  seedService(parts);
  const endpoints = endpointsOf(parts);
  for (const endpoint of endpoints) {
    const balancer = await startBalancer({
      ...ground,
      ...endpoint,
      tls: ground.certificates,
      location: SERVICE_REGION.name,
      compute,
    });
    ground.closers.push(() => balancer.close());
    ground.routes.set(serviceHost(endpoint.name), endpoint.port, { host: '127.0.0.1', port: balancer.port });
  }
  const names = new Set(endpoints.map(({ name }) => serviceHost(name)));
  return {
    sql: {},
    zone: {
      traffic,
      ttlSeconds: TTL_SECONDS,
      hasAddress: (name) => names.has(name),
      alias: () => null,
    },
    publicName: serviceHost(SCALE_SETS[0].name),
    deploy: (name) => {
      throw new Error(`There is no site ${name} in topology upgrade-domains.`);
    },
  };
}

function endpointsOf({ arm }: Parts): Endpoint[] {
  const scaleSets = SCALE_SETS.flatMap(({ name }) =>
    portsOf(SCALE_SET_ENDPOINTS).map((port) => ({ ...port, name, role: () => scaleSetId(name) })),
  );
  // A cloud service is reached at its address, which a VIP swap gives to its partner.
  const cloudServices = CLOUD_SERVICES.flatMap((name) =>
    CLOUD_ROLES.flatMap((role) =>
      portsOf(role.endpoints).map((port) => ({
        ...port,
        name,
        role: () => arm.cloudServices.roleBehind(publicIpAddressId(name), role.name),
      })),
    ),
  );
  return [...scaleSets, ...cloudServices];
}

function portsOf(endpoints: { readonly http: number; readonly https?: number }) {
  const { http, https } = endpoints;
  const plain = { scheme: 'http', port: http } as const;
  return https === undefined ? [plain] : [plain, { scheme: 'https', port: https } as const];
}

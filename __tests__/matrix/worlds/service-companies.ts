// What worlds of services are made of: two scale sets that are one service, and a cloud service with its partner.
import { publicIpAddressId } from '../../../local-azure/topologies/contoso-service.ts';
import type { ConfiguredService } from '../../../local-azure/topologies/service-config-file.ts';
import { cloudRole, type ServiceScenario, setRole } from '../../acceptance/ud-scenario.ts';
import type { WatchedService } from './instance-log.ts';
import { BAD, SWAP } from './services-journeys.ts';

export const DEFAULT_FILE = '.github/rolling-upgrade.yml';
export const BEFORE = '1.0.0';
const [GOOD_VERSION, BAD_VERSION] = ['2.0.0', '3.0.0'];

/** A configuration: which service it is of, and what it asks for. */
export interface CompanyFile {
  readonly service: ConfiguredService;
  readonly version: string;
}

export interface Company {
  /** By path. */
  readonly files: Readonly<Record<string, CompanyFile>>;
  /** The first one is what a configuration in place is of. */
  readonly services: readonly WatchedService[];
  /** Names of its resources. */
  readonly resources: readonly string[];
  /** What has an autoscale setting. */
  readonly scaled: { readonly name: string; readonly target: string };
  /** Names that users open. */
  readonly publicNames: readonly string[];
  /** As the fabric calls a role. */
  roleId(resource: string, role: string): string;
  /** Which service is behind the public address; null where there is one only. */
  usersOn(scenario: ServiceScenario): string | null;
}

export const SCALE_SETS: Company = {
  files: {
    [DEFAULT_FILE]: { service: 'two-roles', version: GOOD_VERSION },
    [BAD]: { service: 'two-roles', version: BAD_VERSION },
  },
  services: [{ name: 'front and worker', roles: [setRole('contoso-front'), setRole('contoso-worker')] }],
  resources: ['contoso-front', 'contoso-worker'],
  scaled: { name: 'contoso-front-autoscale', target: setRole('contoso-front') },
  publicNames: ['contoso-front', 'contoso-worker'],
  roleId: (resource) => setRole(resource),
  usersOn: () => null,
};

const CLOUD = ['contoso-cloud', 'contoso-cloud-stage'] as const;

export const CLOUD_SERVICE: Company = {
  files: {
    [DEFAULT_FILE]: { service: 'cloud-service', version: GOOD_VERSION },
    [BAD]: { service: 'cloud-service', version: BAD_VERSION },
    [SWAP]: { service: 'swap', version: GOOD_VERSION },
  },
  services: CLOUD.map((name) => ({
    name,
    roles: ['WebRole', 'WorkerRole'].map((role) => cloudRole(name, role)),
  })),
  resources: CLOUD,
  scaled: { name: 'contoso-cloud-autoscale', target: cloudRole(CLOUD[0], 'WebRole') },
  publicNames: ['contoso-cloud'],
  roleId: cloudRole,
  usersOn: ({ azure }) => {
    const role = azure.arm.cloudServices.roleBehind(publicIpAddressId(CLOUD[0]), 'WebRole');
    return CLOUD.find((name) => role?.includes(`/${name}/`)) ?? null;
  },
};

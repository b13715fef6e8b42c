// What the demo does with services in update domains, as data: runs of the action, and what each has to leave behind.
import {
  CLOUD_ROLES,
  CLOUD_SERVICES,
  cloudServiceId,
  scaleSetId,
  serviceHost,
  VERSIONS,
} from '../../local-azure/topologies/contoso-service.ts';
import { serviceConfigPath } from '../../local-azure/topologies/service-config-file.ts';
import type { Result, ServiceState } from '../../src/engine/report.ts';
import type { WatchedRole } from './picture.ts';

export interface WalkAct {
  readonly title: string;
  readonly roles: readonly WatchedRole[];
  readonly inputs: Readonly<Record<string, string>>;
  /** A version whose instances come up unhealthy in one domain, and well in the others; null: none. */
  readonly breaks: { readonly version: string; readonly domain: number } | null;
  readonly expected: Expected;
}

export interface Expected {
  readonly result: Result;
  readonly state: ServiceState;
  /** What every instance runs afterwards, by domain. */
  readonly versions: readonly string[];
  /** Instances in service at the lowest, as the story has it. */
  readonly lowest: number;
}

const [CLOUD] = CLOUD_SERVICES;

const scaleSet = (name: string): WatchedRole => ({ role: name, fabricName: scaleSetId(name) });
const WEB = [scaleSet('contoso-web')];
const TWO_ROLES = [scaleSet('contoso-front'), scaleSet('contoso-worker')];
const CLOUD_SERVICE = CLOUD_ROLES.map(({ name }) => ({
  role: name,
  fabricName: `${cloudServiceId(CLOUD)}/roles/${name}`,
}));

/** What users open, and the role behind each. */
export const VISITED: readonly { readonly host: string; readonly fabricName: string }[] = [
  ...[...WEB, ...TWO_ROLES].map(({ role, fabricName }) => ({ host: serviceHost(role), fabricName })),
  { host: serviceHost(CLOUD), fabricName: `${cloudServiceId(CLOUD)}/roles/${CLOUD_ROLES[0].name}` },
];

const FIVE = (version: string) => Array.from({ length: 5 }, () => version);
const { first: V1, good: V2, breaks: V3 } = VERSIONS;

export const ACTS: readonly WalkAct[] = [
  {
    title: 'What would happen to 14 instances in 5 domains',
    roles: WEB,
    inputs: { phase: 'plan', config: serviceConfigPath('web', V2) },
    breaks: null,
    expected: { result: 'succeeded', state: 'not-prepared', versions: FIVE(V1), lowest: 14 },
  },
  {
    title: 'Version 2, one domain after the other: 3, 3, 3, 3 and 2 instances',
    roles: WEB,
    inputs: { phase: 'prepare, upgrade', config: serviceConfigPath('web', V2) },
    breaks: null,
    expected: { result: 'succeeded', state: 'updated', versions: FIVE(V2), lowest: 11 },
  },
  {
    title: 'Two roles together: 8 and 9 instances over 2 domains',
    roles: TWO_ROLES,
    inputs: { phase: 'prepare, upgrade', config: serviceConfigPath('two-roles', V2) },
    breaks: null,
    expected: { result: 'succeeded', state: 'updated', versions: [V2, V2], lowest: 8 },
  },
  {
    title: 'Version 3 breaks in domain 1, and the action goes back by itself',
    roles: WEB,
    inputs: { phase: 'prepare, upgrade', config: serviceConfigPath('web', V3) },
    breaks: { version: V3, domain: 1 },
    expected: { result: 'rolled-back', state: 'not-prepared', versions: FIVE(V2), lowest: 11 },
  },
  {
    title: 'A cloud service, one domain a run: the first, and people look',
    roles: CLOUD_SERVICE,
    inputs: { phase: 'prepare, upgrade', domain: 'next', config: serviceConfigPath('cloud-service', V2) },
    breaks: null,
    expected: { result: 'succeeded', state: 'in-progress', versions: [V2, V1], lowest: 8 },
  },
  {
    title: 'They approve: the next domain, which is the last',
    roles: CLOUD_SERVICE,
    inputs: { phase: 'upgrade', domain: 'next', config: serviceConfigPath('cloud-service', V2) },
    breaks: null,
    expected: { result: 'succeeded', state: 'updated', versions: [V2, V2], lowest: 9 },
  },
];

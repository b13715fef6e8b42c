// The names of the example company's Azure in topology upgrade-domains: services made of instances, in scale sets and
// in cloud services. Fixed, like those of contoso.ts.
import { IDS, NORTH_EUROPE } from './contoso.ts';

export const SERVICE_GROUP = 'contoso-service';
export const SERVICE_REGION = NORTH_EUROPE;

/** How every service of the company starts, and what is to come. */
export const VERSIONS = {
  first: '1.0.0',
  good: '2.0.0',
  /** Becomes unhealthy some time after it has started. */
  breaks: '3.0.0',
  /** Its instances never come back. */
  neverStarts: '4.0.0',
} as const;

export interface ContosoScaleSet {
  readonly name: string;
  readonly orchestration: 'Uniform' | 'Flexible';
  readonly instances: number;
  /** null: without update domains. */
  readonly updateDomains: number | null;
  readonly size: string;
}

const UNIFORM = { orchestration: 'Uniform', size: 'Standard_DS1_v2' } as const;

/** One service of a single role, one of two, and one without update domains. */
export const SCALE_SETS: readonly [ContosoScaleSet, ...ContosoScaleSet[]] = [
  { ...UNIFORM, name: 'contoso-web', instances: 14, updateDomains: 5 },
  { ...UNIFORM, name: 'contoso-front', instances: 8, updateDomains: 2 },
  { ...UNIFORM, name: 'contoso-worker', instances: 9, updateDomains: 2 },
  { ...UNIFORM, name: 'contoso-flex', orchestration: 'Flexible', instances: 10, updateDomains: null },
];

/** Production, and the partner whose address it can be swapped with. */
export const CLOUD_SERVICES = ['contoso-cloud', 'contoso-cloud-stage'] as const;

export const CLOUD_ROLES = [
  { name: 'WebRole', instances: 8, endpoints: { https: 443, http: 80 } },
  // The same address on another port: a service has one.
  { name: 'WorkerRole', instances: 9, endpoints: { http: 8080 } },
] as const;

export const SCALE_SET_ENDPOINTS = { https: 443, http: 80 } as const;

export const AUTOSCALE = {
  name: 'contoso-web-autoscale',
  target: 'contoso-web',
  minimum: 10,
  maximum: 20,
} as const;

/** Cores in the region: what runs needs 109 of them. */
export const CORE_LIMIT = 140;

/** `provider/type`, e.g. Microsoft.Compute/virtualMachineScaleSets. */
export function resourceId(type: string, name: string): string {
  return `/subscriptions/${IDS.subscription}/resourceGroups/${SERVICE_GROUP}/providers/${type}/${name}`;
}

export function scaleSetId(name: string): string {
  return resourceId('Microsoft.Compute/virtualMachineScaleSets', name);
}

export function cloudServiceId(name: string): string {
  return resourceId('Microsoft.Compute/cloudServices', name);
}

/** Of a cloud service at the start; a VIP swap exchanges the two. */
export function publicIpAddressId(name: string): string {
  return resourceId('Microsoft.Network/publicIPAddresses', name);
}

/** Gallery image of a version. */
export function imageId(version: string): string {
  return `${resourceId('Microsoft.Compute/galleries', 'contoso')}/images/service/versions/${version}`;
}

/** DNS name of a public address. */
export function serviceHost(name: string): string {
  return `${name}.${SERVICE_REGION.name}.cloudapp.azure.com`;
}

// Instances, models and looks for the tests of what a walk thinks.
import fc from 'fast-check';
import type { ScaleSetModel, ServiceInstance } from '../../src/azure/ports/compute.ts';
import type { Domain } from '../../src/service/domains.ts';
import type { RoleInstance } from '../../src/service/role-instance.ts';

export const NOON = Date.parse('2026-11-28T12:00:00Z');
export const MINUTE = 60_000;

/** Healthy, told one minute past noon; on 1.0.0. */
export function instance(id: string, changes: Partial<ServiceInstance> = {}): ServiceInstance {
  return {
    id,
    updateDomain: null,
    faultDomain: null,
    zone: null,
    exactVersion: '1.0.0',
    latestModelApplied: null,
    provisioningState: 'Succeeded',
    powerState: 'running',
    health: 'healthy',
    healthAt: new Date(NOON + MINUTE),
    isProtected: false,
    ...changes,
  };
}

export function roleInstance(role: string, id: string, changes: Partial<ServiceInstance> = {}): RoleInstance {
  return { role, ...instance(id, changes) };
}

/** As many, spread as the platform does: 0, 1, 2, … and over again. */
export function uniform(count: number, domains: number): ServiceInstance[] {
  return Array.from({ length: count }, (_, at) => instance(String(at), { updateDomain: at % domains }));
}

export function flexible(count: number): ServiceInstance[] {
  return Array.from({ length: count }, (_, at) =>
    instance(`contoso-flex_${at.toString(16).padStart(8, '0')}`),
  );
}

export function domain(number: number, ...instances: RoleInstance[]): Domain {
  return { number, instances };
}

const GALLERY =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/contoso/images/service/versions';

export const image = (version: string): string => `${GALLERY}/${version}`;

export function model(version: string, changes: Partial<ScaleSetModel> = {}): ScaleSetModel {
  return {
    sku: { name: 'Standard_DS1_v2', tier: 'Standard' },
    image: image(version),
    extensions: {},
    ...changes,
  };
}

export function extension(typeHandlerVersion: string, settings: Record<string, unknown> = {}) {
  return { publisher: 'Microsoft.Azure.Extensions', type: 'CustomScript', typeHandlerVersion, settings };
}

/** Instances of a Flexible set, with names of their own. */
export const anyFlexible = (maxLength = 60): fc.Arbitrary<ServiceInstance[]> =>
  fc
    .uniqueArray(
      fc.record({
        id: fc.oneof(
          fc.string({ minLength: 1 }).map((text) => text.replaceAll('/', '_')),
          fc.nat(9999).map((number) => `contoso-flex_${number}`),
          fc.constantFrom('toString', '__proto__', 'constructor'),
        ),
        zone: fc.constantFrom(null, '1', '2', '3'),
        faultDomain: fc.constantFrom(null, 0, 1, 2),
      }),
      { selector: ({ id }) => id, maxLength },
    )
    .map((all) => all.map(({ id, ...place }) => instance(id, place)));

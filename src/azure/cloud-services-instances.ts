// Role instances and update domains of cloud services as Azure sends them. The states are those of the page
// "Available provisioning and power states for Azure Cloud Services (extended support)".
import { z } from 'zod';
import { parse, sameName } from './cloud-services-documents.ts';
import type { CloudServiceRole, ServiceInstance } from './ports/compute.ts';

const number = z.number().int().nonnegative().nullable().catch(null);
const text = z.string().nullable().catch(null);

const view = z
  .object({
    platformUpdateDomain: number,
    platformFaultDomain: number,
    statuses: z.array(z.object({ code: text, time: text })).catch([]),
  })
  .nullable()
  .catch(null);
export type InstanceView = z.infer<typeof view>;

const instanceDocument = z.object({
  name: z.string(),
  properties: z.object({ instanceView: view }).catch({ instanceView: null }),
});

type RoleState = Pick<ServiceInstance, 'powerState' | 'health'>;

/** Only Started is said of an instance that answers. A Busy one "isn't responding", as all do while they start. */
const ROLE_STATES: Readonly<Record<string, RoleState>> = {
  started: { powerState: 'running', health: 'healthy' },
  starting: { powerState: 'starting', health: 'initializing' },
  busy: { powerState: 'starting', health: 'initializing' },
  stopping: { powerState: 'stopping', health: 'unknown' },
  stopped: { powerState: 'stopped', health: 'unknown' },
  destroyed: { powerState: 'deallocated', health: 'unknown' },
};
const UNKNOWN: RoleState = { powerState: 'unknown', health: 'unknown' };

export interface NamedView {
  readonly name: string;
  /** Null where Azure left it out. */
  readonly view: InstanceView;
}

/** Of the list with $expand=instanceView. Throws AzureError. */
export function namedViewsOf(documents: readonly unknown[], path: string): NamedView[] {
  return parse(z.array(instanceDocument), documents, path).map(({ name, properties }) => ({
    name,
    view: properties.instanceView,
  }));
}

/** Of one instance's own view. */
export function viewOf(document: unknown): InstanceView {
  return view.parse(document);
}

/** @param roles of the service; an instance tells its role by its name only (WebRole_IN_3). */
export function serviceInstance(
  { name, view }: NamedView,
  roles: readonly CloudServiceRole[],
): ServiceInstance & { readonly role: string } {
  const state = statusOf(view, 'RoleState');
  const stateName = state?.value.replace(/^rolestate/i, '').toLowerCase() ?? '';
  const prefix = name.replace(/_IN_\d+$/i, '');
  return {
    id: name,
    role: roles.find((role) => sameName(role.name, prefix))?.name ?? prefix,
    updateDomain: view?.platformUpdateDomain ?? null,
    faultDomain: view?.platformFaultDomain ?? null,
    zone: null,
    exactVersion: null,
    latestModelApplied: null,
    provisioningState: provisioningState(view, stateName),
    ...(ROLE_STATES[stateName] ?? UNKNOWN),
    healthAt: dateOf(state?.time ?? null),
    isProtected: false,
  };
}

/** Seldom said of a single instance; where it is not, nothing speaks against it but that it is gone. */
function provisioningState(view: InstanceView, stateName: string): string {
  const said = statusOf(view, 'ProvisioningState')?.value;
  if (said) return said.charAt(0).toUpperCase() + said.slice(1).toLowerCase();
  return stateName === 'destroyed' ? 'Deleting' : 'Succeeded';
}

/** "RoleState/RoleStateStarted" is the value RoleStateStarted of family RoleState. */
function statusOf(view: InstanceView, family: string) {
  for (const { code, time } of view?.statuses ?? []) {
    const [head = '', value] = code?.split('/') ?? [];
    if (sameName(head, family) && value !== undefined) return { value, time };
  }
  return null;
}

function dateOf(text: string | null): Date | null {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

import type { CloudServiceConfig } from '../../config/service-config.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { count, formatList } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { fail, notKnowable, pass } from '../verdict.ts';
import { type ServiceGuard, WALKING } from './service-guard.ts';

/** Of cloud services: the platform walks all roles of a domain together, so all have to be known, and looked at. */
export function wholeService(service: CloudServiceConfig): ServiceGuard {
  return {
    id: 'whole-service',
    title: 'All roles of the cloud service are updated together',
    phases: WALKING,
    check: async (context, observed) =>
      fewerRoles(context.config.walk.roles, service) ?? rolesOfAzure(context, observed, service),
  };
}

function fewerRoles(chosen: readonly string[], { roles }: CloudServiceConfig): Verdict | null {
  const left = roles.map(({ name }) => name).filter((name) => chosen.length > 0 && !chosen.includes(name));
  if (left.length === 0) return null;
  return fail(
    'change-not-possible',
    `walk.roles leaves out ${formatList(left)}; Azure walks all roles of a cloud service together`,
    'Leave walk.roles out. A role that is to stay as it is has the same code in the new package.',
  );
}

async function rolesOfAzure(
  { azure }: ServiceContext,
  { look }: ServiceObservation,
  { resourceGroup, roles }: CloudServiceConfig,
): Promise<Verdict> {
  const name = look.roles[0]?.resource ?? '';
  const found = await azure.compute.cloudServices.get({ resourceGroup, name });
  if (found === null) return notKnowable(`which roles ${name} has is not known`);
  const [configured, there] = [roles, found.roles].map((some) => some.map((role) => role.name));
  const unknown = without(there ?? [], configured ?? []);
  const missing = without(configured ?? [], there ?? []);
  const told = [
    ...(unknown.length > 0
      ? [`${name} also has ${formatList(unknown)}, which would be walked without a look at its health`]
      : []),
    ...(missing.length > 0 ? [`${name} has no role ${formatList(missing)}`] : []),
  ];
  if (told.length === 0) return pass(`${name}: ${count(roles.length, 'role')}, ${formatList(there ?? [])}`);
  return fail(
    'config-invalid',
    told.join('; '),
    `Name exactly these roles in service.cloud-service.roles: ${formatList(there ?? [])}.`,
  );
}

/** Azure's names have no case. */
function without(names: readonly string[], others: readonly string[]): string[] {
  const lower = others.map((other) => other.toLowerCase());
  return names.filter((name) => !lower.includes(name.toLowerCase()));
}

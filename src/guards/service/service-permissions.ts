import { partOf, resourceGroupPath } from '../../azure/resource-id.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import { command } from '../../engine/command-line.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { UpdateModels } from '../../service/target.ts';
import { count } from '../../service/words.ts';
import type { GuardedPhase, Verdict } from '../guard.ts';
import { type Condition, requiredActions, type Scope } from '../required-actions.ts';
import { allOf, fail, notKnowable, pass } from '../verdict.ts';
import type { ServiceGuard } from './service-guard.ts';
import { updateAhead } from './update-ahead.ts';

/** The RBAC actions of the phase, and of the way back from it, asked of Azure on every resource that it touches. */
export const servicePermissions: ServiceGuard = {
  id: 'azure-permissions',
  title: 'The identity may do in Azure what this phase does',
  phases: ['prepare', 'upgrade', 'switch', 'cleanup'],
  check: async (context, observed, phase) => {
    const places = await placesOf(context, observed);
    const conditions = conditionsOf(context.config, observed);
    const needs = places.map((place) => ({ ...place, actions: actionsOn(place.scope, phase, conditions) }));
    const asked = needs.filter(({ actions }) => actions.length > 0);
    return allOf(await Promise.all(asked.map((need) => checkNeed(context, need))));
  },
};

interface Place {
  readonly name: string;
  readonly id: string;
  readonly scope: Scope;
}

function actionsOn(scope: Scope, phase: GuardedPhase, conditions: readonly Condition[]): string[] {
  const goesBack = phase === 'upgrade' || phase === 'switch';
  const back = goesBack ? requiredActions('rollback', scope, conditions) : [];
  return [...new Set([...requiredActions(phase, scope, conditions), ...back])];
}

async function checkNeed(
  { azure }: ServiceContext,
  { name, id, actions }: Place & { readonly actions: readonly string[] },
): Promise<Verdict> {
  const missing = await azure.authorization.missingActions(id, actions);
  if (missing === null) return notKnowable(`Azure does not tell what may be done on ${name}`);
  if (missing.length === 0) return pass(`${count(actions.length, 'action')} on ${name}`);
  return fail(
    'azure-permission-missing',
    `missing on ${name}: ${missing.join(', ')}`,
    'Assign the role of docs/custom-role.json (see docs/permissions.md), wait a few minutes until Azure knows it, and run again:',
    command(
      ...['az', 'role', 'assignment', 'create', '--role', 'Rolling Upgrade'],
      ...['--assignee', 'APP_ID', '--scope', id],
    ),
  );
}

function conditionsOf({ service, switchMethod }: ServiceConfig, { look }: ServiceObservation): Condition[] {
  if (service.kind === 'cloud-service')
    return ['cloud-service', ...(switchMethod === 'swap' ? ['service-swap' as const] : [])];
  const isFlexible = look.roles.some(({ set }) => set?.orchestration === 'Flexible');
  return ['scale-sets', ...(isFlexible ? ['flexible' as const] : [])];
}

/** Each once: roles may share a resource group, and versions a gallery. */
async function placesOf(context: ServiceContext, observed: ServiceObservation): Promise<Place[]> {
  const { service } = context.config;
  const places =
    service.kind === 'cloud-service'
      ? await cloudServices(context, [service.service, service.stagingService], service.resourceGroup)
      : [...scaleSets(observed), ...galleries(await updateAhead(context, observed.look))];
  const groups = places.filter(({ scope }) => scope !== 'gallery').map(groupOf);
  return [...new Map([...places, ...groups].map((place) => [place.id.toLowerCase(), place])).values()];
}

/** All of the service's, also those that are not updated: the lease is written on each. */
function scaleSets({ look }: ServiceObservation): Place[] {
  return look.roles.flatMap(({ set }) =>
    set === null ? [] : [{ name: `scale set ${set.ref.name}`, id: set.id, scope: 'scale-set' as const }],
  );
}

async function cloudServices(
  { azure }: ServiceContext,
  names: readonly (string | null)[],
  resourceGroup: string,
): Promise<Place[]> {
  const found = await Promise.all(
    names.map((name) => (name === null ? null : azure.compute.cloudServices.get({ resourceGroup, name }))),
  );
  return found.flatMap((one) =>
    one === null
      ? []
      : [{ name: `cloud service ${one.ref.name}`, id: one.id, scope: 'cloud-service' as const }],
  );
}

/** Of one's own; what others share is asked of nobody. */
function galleries({ models }: UpdateModels): Place[] {
  const images = Object.values(models).flatMap(({ previous, target }) => [previous.image, target.image]);
  return images.flatMap((image) => {
    const name = image?.startsWith('/subscriptions/') ? partOf(image, 'galleries') : null;
    if (image === undefined || name === null) return [];
    const id = image.split(/\/images\//i)[0] ?? image;
    return [{ name: `gallery ${name}`, id, scope: 'gallery' as const }];
  });
}

function groupOf({ id }: Place): Place {
  const [subscription, group] = [partOf(id, 'subscriptions') ?? '', partOf(id, 'resourceGroups') ?? ''];
  return {
    name: `resource group ${group}`,
    id: resourceGroupPath(subscription, group),
    scope: 'service-group',
  };
}

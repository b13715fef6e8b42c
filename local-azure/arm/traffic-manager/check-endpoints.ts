// Rules about a profile's endpoints taken together.
import type { ArmContext } from '../core/context.ts';
import type { StoredEndpoint, WebTargets } from './model.ts';
import type { ReadEndpoint } from './read-profile.ts';
import { badRequest } from './read-profile.ts';

/** Fills in priorities: all given and unique, or none and then the order of the list. Throws 400 BadRequest. */
export function withPriorities(endpoints: readonly ReadEndpoint[]): StoredEndpoint[] {
  const given = endpoints.filter((endpoint) => endpoint.priority !== null);
  if (given.length > 0 && given.length < endpoints.length)
    throw badRequest([
      'If the priority is specified on any endpoint, it must be specified on all endpoints of the profile.',
    ]);
  const stored = endpoints.map((endpoint, at) => ({ ...endpoint, priority: endpoint.priority ?? at + 1 }));
  const shared = duplicates(stored.map((endpoint) => endpoint.priority));
  if (shared.length === 0) return stored;
  throw badRequest([
    `No two endpoints can share the same priority value. The following priorities appear more than once: ${shared.join(', ')}.`,
  ]);
}

/** Names and targets are unique. Throws 400 BadRequest. */
export function refuseDuplicates(
  endpoints: readonly { name: string; target: string | null; type: string }[],
): void {
  const names = duplicates(endpoints.map((endpoint) => endpoint.name.toLowerCase()));
  const targets = duplicates(
    endpoints.flatMap((endpoint) =>
      endpoint.type === 'externalEndpoints' && endpoint.target !== null
        ? [endpoint.target.toLowerCase()]
        : [],
    ),
  );
  const problems = [...names, ...targets].map(
    (each) =>
      `There are duplicates in the list of endpoints. The following endpoint(s) appear more than once: ${each}.`,
  );
  if (problems.length > 0) throw badRequest(problems);
}

/**
 * Web apps as Azure endpoints: one a region, Standard tier or above. Texts as users reported them
 * (MicrosoftDocs/azure-docs issues 16469 and 46598); the second is what a lower tier really says.
 */
export function checkWebTargets(
  context: ArmContext,
  targets: WebTargets,
  endpoints: readonly { type: string; targetResourceId: string | null }[],
): void {
  const apps = endpoints
    .filter((endpoint) => endpoint.type === 'azureEndpoints')
    .map((endpoint) => ({
      id: endpoint.targetResourceId ?? '',
      target: targets.find(endpoint.targetResourceId ?? ''),
    }));
  const foreign = apps.filter(({ target }) => target === null || !target.productionTier);
  if (foreign.length > 0)
    throw badRequest([
      `Some of the provided Azure Website endpoints are not valid: Traffic manager configuration is not valid because one or more domains do not belong to subscription "${context.subscriptionId}": ${foreign.map(({ id, target }) => target?.hostName ?? id).join(', ')}`,
    ]);
  const regions = new Map<string, string[]>();
  for (const { target } of apps)
    if (target !== null)
      regions.set(target.location, [...(regions.get(target.location) ?? []), target.hostName]);
  for (const [region, hostNames] of regions)
    if (hostNames.length > 1)
      throw badRequest([
        `Some of the provided Azure Website endpoints are not valid: One or more conflicts detected in traffic manager configuration. Multiple domains point to region "${region}": ${hostNames.join(', ')}`,
      ]);
}

function duplicates<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
}

// What a request is answered while a region that it needs is down: that of its resource, of a database or server it
// names as the other end, or of the operation it asks after.
import type { Regions } from '../../regions.ts';
import type { ArmCall } from './call.ts';
import { type ArmError, refusedByGateway } from './errors.ts';
import { locationName } from './ids.ts';
import { asList, asObject, asText, type JsonObject } from './json.ts';

/** Region of the resource that an id, or a path below it, names; null where the provider has no such resource. */
export type Locate = (resourceId: string) => string | null;

type Request = Pick<ArmCall, 'method' | 'path' | 'body'>;

export interface Outages {
  /** Throws 503 ServiceUnavailable where a region that the request needs is down. */
  refuse(request: Request): void;
  needs(request: Request, location: string): boolean;
}

export function createOutages(regions: Regions, locate: Locate): Outages {
  const needed = (request: Request) => regionsOf(request, locate);
  return {
    refuse: (request) => {
      const lost = needed(request).find(regions.isDown);
      if (lost !== undefined) throw regionUnavailable(lost);
    },
    needs: (request, location) => needed(request).some((each) => locationName(each) === location),
  };
}

/** Also what ends a long-running operation. Says nothing of when to come back: nobody knows. */
export function regionUnavailable(location: string): ArmError {
  return refusedByGateway(
    503,
    'ServiceUnavailable',
    `The service is unavailable in the region '${locationName(location)}' now. Please try again later.`,
  );
}

function regionsOf({ method, path, body }: Request, locate: Locate): string[] {
  if (!isRegional(path)) return [];
  // A resource that is being made lies where its body says.
  const wanted = method === 'PUT' ? asText(body.location) : null;
  const found = [operationRegion(path), locate(path), wanted, ...otherEnds(body).map(locate)];
  return found.filter((region) => region !== null);
}

/** Traffic Manager, permissions and resource groups stand in no region, also those of a resource that does. */
function isRegional(path: string): boolean {
  const namespace = path
    .split(/\/providers\//i)
    .slice(1)
    .at(-1);
  return namespace !== undefined && /^Microsoft\.(Sql|Web|Compute)(\/|$)/i.test(namespace);
}

function operationRegion(path: string): string | null {
  const region = /\/providers\/[^/]+\/locations\/([^/]+)\//i.exec(path)?.[1];
  return region === undefined ? null : decodeURIComponent(region);
}

/** Ids: the source of a geo-secondary or copy, the partner servers of a failover group. */
function otherEnds(body: JsonObject): string[] {
  const { sourceDatabaseId, sourceResourceId, partnerServers } = asObject(body.properties);
  const partners = asList(partnerServers).map((partner) => asObject(partner).id);
  return [sourceDatabaseId, sourceResourceId, ...partners].map(asText).filter((id) => id !== null);
}

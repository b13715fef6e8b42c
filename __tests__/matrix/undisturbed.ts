// What holds of a run that nobody disturbs, beside the laws of its world: seen in its calls, of which a recording has all.
import type { Inputs } from './world.ts';

const WRITES_PROFILE = /^arm (PUT|PATCH) .*\/trafficManagerProfiles\/[^/]+$/i;
const WRITES_ENDPOINT = /^arm (PUT|PATCH) .*\/trafficManagerProfiles\/[^/]+\/[^/]+\/[^/]+$/i;
const DELETES_DATABASE = /^arm DELETE .*\/servers\/[^/]+\/databases\/[^/]+$/i;
const MAY_DELETE = /\b(cleanup|rollback)\b/;
/** An endpoint that is offline sends users nowhere: prepare adds each alone, so that nobody's edit of the others is overwritten. */
const MAY_ADD_ENDPOINTS = /\bprepare\b/;

/** Law 5: endpoints that belong together are one write. Law 7: what was not asked for is not deleted. */
export function disturbedNobody({ phase = '' }: Inputs, calls: readonly string[]): string[] {
  const profile = calls.filter((call) => WRITES_PROFILE.test(call)).length;
  const endpoints = calls.filter((call) => WRITES_ENDPOINT.test(call));
  const deleted = calls.filter((call) => DELETES_DATABASE.test(call));
  return [
    ...(profile > 1 ? [`law 5: the profile was written ${profile} times in "${phase}"`] : []),
    ...(MAY_ADD_ENDPOINTS.test(phase) ? [] : endpoints).map(
      (call) => `law 5: an endpoint was written by itself: ${call}`,
    ),
    ...(MAY_DELETE.test(phase) ? [] : deleted.map((call) => `law 7: deleted in "${phase}": ${call}`)),
  ];
}

// The location of a tracked resource: required, and for ever.
import { refusedByGateway } from './errors.ts';
import { locationName, sameName } from './ids.ts';
import type { JsonObject } from './json.ts';
import { asText } from './json.ts';

/** Throws 400 LocationRequired, 409 InvalidResourceLocation. */
export function requireLocation(
  body: JsonObject,
  resource: { readonly name: string; readonly group: string; readonly location: string | null },
): string {
  const given = asText(body.location);
  if (given === null)
    throw refusedByGateway(400, 'LocationRequired', 'The location property is required for this definition.');
  const location = locationName(given);
  if (resource.location !== null && !sameName(location, locationName(resource.location)))
    throw refusedByGateway(
      409,
      'InvalidResourceLocation',
      `The resource '${resource.name}' already exists in location '${locationName(resource.location)}' in resource group '${resource.group}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    );
  return location;
}

// An autoscale setting: what is stored of it, and how a PUT, a PATCH and a GET put it on the wire.
import { ArmError } from '../core/errors.ts';
import { asBoolean, asList, asNumber, asObject, asText, isObject, type JsonObject } from '../core/json.ts';

export interface AutoscaleSetting {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  tags: Readonly<Record<string, string>>;
  enabled: boolean;
  /** What it scales: a scale set, or a role of a cloud service. */
  targetResourceId: string;
  profiles: readonly JsonObject[];
  /** Everything else, as it was written. */
  others: JsonObject;
}

export interface Limits {
  readonly minimum: number;
  readonly maximum: number;
}

/** The members of `properties` that the setting is made of. Throws 400 for a setting that could not scale anything. */
export function readProperties(
  properties: JsonObject,
): Pick<AutoscaleSetting, 'enabled' | 'targetResourceId' | 'profiles' | 'others'> {
  const { profiles, enabled, targetResourceUri, name: _name, ...others } = properties;
  const read = asList(profiles).filter(isObject);
  // Also of a PATCH: the description requires them there, and every client known writes the whole setting.
  if (read.length === 0) throw invalid('The autoscale setting must have at least one profile.');
  for (const profile of read) readLimits(profile);
  const target = asText(targetResourceUri);
  if (target === null) throw invalid('The targetResourceUri of the autoscale setting is required.');
  // The description says false where it is left out.
  return { enabled: asBoolean(enabled) ?? false, targetResourceId: target, profiles: read, others };
}

/** Of the profile in force: the first one, as schedules are of no interest here. */
export function limitsOf(setting: AutoscaleSetting): Limits {
  return readLimits(setting.profiles[0] ?? {});
}

/** Numbers are texts on the wire. */
function readLimits(profile: JsonObject): Limits {
  const capacity = asObject(profile.capacity);
  const number = (member: string) => {
    const value = asNumber(capacity[member]) ?? Number.parseInt(asText(capacity[member]) ?? '', 10);
    if (Number.isInteger(value) && value >= 0) return value;
    throw invalid(`The capacity ${member} of profile '${asText(profile.name) ?? ''}' is not a valid number.`);
  };
  const [minimum, maximum, usual] = [number('minimum'), number('maximum'), number('default')];
  if (minimum <= usual && usual <= maximum) return { minimum, maximum };
  throw invalid(
    `The capacity of profile '${asText(profile.name) ?? ''}' must satisfy minimum <= default <= maximum.`,
  );
}

export function settingBody(setting: AutoscaleSetting, id: string): JsonObject {
  return {
    id,
    name: setting.name,
    type: 'Microsoft.Insights/autoscaleSettings',
    location: setting.location,
    tags: setting.tags,
    properties: {
      ...setting.others,
      profiles: setting.profiles,
      enabled: setting.enabled,
      name: setting.name,
      targetResourceUri: setting.targetResourceId,
    },
  };
}

function invalid(message: string): ArmError {
  return new ArmError(400, 'BadRequest', message);
}

// JSON as it came off the wire: read with suspicion, one member at a time.

export type JsonValue = string | number | boolean | null | undefined | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: JsonValue;
}

export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: JsonValue): JsonObject {
  return isObject(value) ? value : {};
}

export function asText(value: JsonValue): string | null {
  return typeof value === 'string' ? value : null;
}

export function asNumber(value: JsonValue): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function asBoolean(value: JsonValue): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

export function asList(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** Members whose values are text; others are left out. */
export function asTexts(value: JsonValue): Record<string, string> {
  const entries = Object.entries(asObject(value));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

// schema.json, for completion and checking in editors; and what it says about one key, for error messages.
import { z } from 'zod';
import type { Path } from './problems.ts';
import { configFile } from './schema.ts';

export const SCHEMA_ID = 'https://raw.githubusercontent.com/OWNER/rolling-upgrade/v1/schema.json';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema (draft 2020-12) of the configuration file as a person writes it. */
export function configJsonSchema(): JsonSchema {
  const { $schema = 'https://json-schema.org/draft/2020-12/schema', ...rest } = jsonSchemaOf(configFile);
  return { $schema, $id: SCHEMA_ID, title: 'rolling-upgrade configuration', ...rest };
}

/** What `schema` takes, before defaults are filled in. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' });
}

/** The keys that may stand in the mapping at `path` of a file with this schema, over all alternatives. */
export function knownKeys(schema: JsonSchema, path: Path): string[] {
  let schemas: JsonSchema[] = [schema];
  for (const part of path) schemas = schemas.flatMap(alternatives).flatMap((schema) => child(schema, part));
  return [
    ...new Set(schemas.flatMap(alternatives).flatMap((schema) => Object.keys(schema.properties ?? {}))),
  ];
}

/** A schema itself, or the members of its `anyOf`. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap((member) => alternatives(member));
}

function child(schema: JsonSchema, part: string | number): JsonSchema[] {
  const { items, properties, additionalProperties } = schema;
  const found =
    typeof part === 'number'
      ? Array.isArray(items)
        ? null
        : items
      : (properties?.[part] ?? additionalProperties);
  return typeof found === 'object' && found !== null ? [found] : [];
}

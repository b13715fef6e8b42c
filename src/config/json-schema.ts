// schema.json and service-schema.json, for completion and checking in editors; and what they say about one key, for error
// messages. Two files, since editors complete an alternative of whole files badly: they offer the keys of both.
import { z } from 'zod';
import type { Path } from './problems.ts';
import { configFile } from './schema.ts';
import { serviceFile } from './service-schema.ts';

const PLACE = 'https://raw.githubusercontent.com/OWNER/rolling-upgrade/v1';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema (draft 2020-12) of the configuration file as a person writes it. */
export function configJsonSchema(): JsonSchema {
  return documentOf(configFile, 'schema.json', 'rolling-upgrade configuration');
}

/** The same of the file for topology upgrade-domains. */
export function serviceJsonSchema(): JsonSchema {
  return documentOf(
    serviceFile,
    'service-schema.json',
    'rolling-upgrade configuration of a service with update domains',
  );
}

function documentOf(file: z.ZodType, name: string, title: string): JsonSchema {
  const { $schema = 'https://json-schema.org/draft/2020-12/schema', ...rest } = jsonSchemaOf(file);
  return { $schema, $id: `${PLACE}/${name}`, title, ...rest };
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

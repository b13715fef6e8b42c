// The keys of a configuration file as a table, from its JSON Schema.
import { alternatives, type JsonSchema } from '../../src/config/json-schema.ts';
import { cell, table } from './markdown.ts';

const FLAG = '`true`, `false`';

interface Row {
  readonly key: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** One row a key. Throws where a key has no description. */
export function configTable(file: JsonSchema): string {
  const rows = keysOf(file, '').map(({ key, schema, required }) => {
    if (schema.description === undefined) throw new Error(`the configuration key ${key} has no description`);
    return [`\`${key}\``, kindsOf(schema), defaultOf(schema, required), cell(schema.description)];
  });
  return table(['Key', 'Value', 'Default', 'What it is'], rows);
}

function keysOf(schema: JsonSchema, prefix: string): Row[] {
  return alternatives(schema).flatMap((alternative) => {
    const required = new Set(alternative.required ?? []);
    const named = Object.entries(alternative.properties ?? {}).flatMap(([name, child]) =>
      typeof child === 'boolean'
        ? []
        : rowsOf({ key: `${prefix}${name}`, schema: child, required: required.has(name) }),
    );
    const free = alternative.additionalProperties;
    const below =
      typeof free === 'object' && free.properties !== undefined ? keysOf(free, `${prefix}<name>.`) : [];
    return [...named, ...below];
  });
}

function rowsOf(row: Row): Row[] {
  return [row, ...keysOf(row.schema, `${row.key}.`)];
}

/** The kinds of value, each with an example or its literals. */
function kindsOf(schema: JsonSchema): string {
  const kinds = [...new Set(alternatives(schema).map(kindOf))];
  // They may come as text too because `${NAME}` gives text; that is not a second kind.
  const isWritten = kinds.includes('number') || kinds.includes(FLAG);
  return kinds.filter((kind) => kind !== 'text' || !isWritten).join(' or ');
}

function kindOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((literal) => `\`${String(literal)}\``).join(', ');
  if (schema.type === 'object') return 'mapping';
  if (schema.type === 'array') return 'list';
  if (schema.type === 'integer') return 'number';
  if (schema.type === 'boolean') return FLAG;
  if (schema.pattern?.includes('\\d{1,3}%')) return 'percentage';
  return schema.pattern?.includes('(\\d{1,6})h') ? 'duration' : 'text';
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (required) return '**required**';
  const value = schema.default;
  if (value === undefined || (typeof value === 'object' && JSON.stringify(value) === '{}')) return '';
  if (typeof value === 'object')
    return `\`${JSON.stringify(value).replaceAll('"', '').replaceAll(':', ': ')}\``;
  return `\`${String(value)}\``;
}

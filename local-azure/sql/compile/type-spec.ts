// Types as short strings, so that functions registered with SQLite can be told them.
import type { DataType, TypeName } from '../t-sql/data-types.ts';

const known = new Map<string, DataType>();

export function typeSpec(type: DataType): string {
  return `${type.name}|${type.length ?? ''}|${type.precision}|${type.scale}`;
}

export function typeOf(spec: string): DataType {
  const found = known.get(spec) ?? parse(spec);
  known.set(spec, found);
  return found;
}

function parse(spec: string): DataType {
  const [name = '', length = '', precision = '0', scale = '0'] = spec.split('|');
  return {
    name: name as TypeName,
    length: length === '' ? null : Number(length),
    precision: Number(precision),
    scale: Number(scale),
  };
}

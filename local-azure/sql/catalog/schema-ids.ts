// Schema ids as SQL Server numbers them: dbo is 1, guest 2, INFORMATION_SCHEMA 3, sys 4, users' from 5; those of the
// fixed roles have the roles' numbers.
import { type Catalog, FIXED_SCHEMAS, sameName } from './catalog.ts';
import { fixedRoles } from './database-principals.ts';

export function schemas(catalog: Catalog): { readonly id: number; readonly name: string }[] {
  const own = catalog.entries.filter((entry) => entry.kind === 'schema');
  return [
    ...FIXED_SCHEMAS.map((name, at) => ({ id: at + 1, name })),
    ...own.map((entry, at) => ({ id: at + 5, name: entry.name })),
    ...fixedRoles(),
  ];
}

export function schemaId(catalog: Catalog, name: string): number | null {
  return schemas(catalog).find((schema) => sameName(schema.name, name))?.id ?? null;
}

export function schemaName(catalog: Catalog, id: number): string | null {
  return schemas(catalog).find((schema) => schema.id === id)?.name ?? null;
}

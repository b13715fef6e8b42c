// Writes what is generated: schema.json, service-schema.json, docs/custom-role.json, and the marked regions of README.md and docs/.
// With --check it writes nothing and fails where a file is not what would be written.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJsonSchema, serviceJsonSchema } from '../src/config/json-schema.ts';
import { actionTables } from './documents/action-tables.ts';
import { configTable } from './documents/config-table.ts';
import { fillRegions } from './documents/markdown.ts';
import { customRole, permissionsTable } from './documents/permissions.ts';

/** Every generated file: path relative to the repository, and its content. */
export function generatedFiles(root: string): Map<string, string> {
  const regions = {
    ...actionTables(join(root, 'action.yml')),
    config: configTable(configJsonSchema()),
    'service-config': configTable(serviceJsonSchema()),
    permissions: permissionsTable(),
  };
  const files = new Map([
    ['schema.json', json(configJsonSchema())],
    ['service-schema.json', json(serviceJsonSchema())],
    ['docs/custom-role.json', json(customRole())],
  ]);
  for (const path of globSync(['README.md', 'docs/**/*.md'], { cwd: root }).sort()) {
    const markdown = readFileSync(join(root, path), 'utf8');
    if (markdown.includes('<!-- generated:')) files.set(path, fillRegions(markdown, regions));
  }
  return files;
}

/** Those of the generated files that are not as they would be generated. */
export function staleFiles(root: string): string[] {
  return [...generatedFiles(root)]
    .filter(([path, content]) => read(join(root, path)) !== content)
    .map(([path]) => path);
}

/** As the formatter has it: a list of one value on one line. */
function json(value: object): string {
  return `${JSON.stringify(value, null, 2).replaceAll(/\[\s+([^\s[\]{},]+)\s+\]/g, '[$1]')}\n`;
}

function read(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function main(): void {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const stale = staleFiles(root);
  if (process.argv.includes('--check')) {
    for (const path of stale) console.error(`${path} is not up to date: npm run generate`);
    process.exitCode = stale.length === 0 ? 0 : 1;
    return;
  }
  const files = generatedFiles(root);
  for (const path of stale) {
    writeFileSync(join(root, path), files.get(path) ?? '');
    console.log(`wrote ${path}`);
  }
  if (stale.length === 0) console.log('everything is up to date');
}

if (import.meta.main) main();

// The licences of everything that is in the bundle. ncc has an option for that, but it leaves out the packages of
// the entry chunk as soon as there is more than one chunk; its statistics name every module.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const packageJson = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });
const PACKAGE_FOLDER = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/;
const LICENCE_FILE = /^(?:licen[cs]e|notice|copying)(?:[.-].*)?$/i;

/**
 * Name, version, licence and licence texts of all packages, sorted by name: the same text wherever it is built.
 * Throws for a package that names no licence and holds no text of one.
 * @param stats ncc's `--stats-out`.
 */
export function licencesOf(stats: unknown): string {
  const folders = new Set<string>();
  collectFolders(stats, folders);
  const sections = [...folders].map(sectionOf).filter((section) => section !== null);
  return [...new Set(sections)].sort(byCodeUnits).join(`\n${'-'.repeat(80)}\n\n`);
}

/** Modules hold modules where webpack has joined them, so the whole statistics are walked. */
function collectFolders(value: unknown, folders: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'identifier' && typeof child === 'string') addFolder(child, folders);
    else collectFolders(child, folders);
  }
}

function addFolder(identifier: string, folders: Set<string>): void {
  // "javascript/esm|/path/to/module.js", "/loader.js??x!/path/to/module.js", "/path/to/module.js|hash"
  for (const path of identifier.split(/[|!]/)) {
    const folder = PACKAGE_FOLDER.exec(path)?.[0];
    if (folder !== undefined && !/[\\/]@vercel[\\/]ncc$/.test(folder)) folders.add(folder);
  }
}

function sectionOf(folder: string): string | null {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return null;
  const { name, version, license } = packageJson.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort(byCodeUnits)
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (license === undefined && texts.length === 0) throw new Error(`${name} ${version} names no licence`);
  return [`${name} ${version}`, `Licence: ${license ?? 'see below'}`, '', ...texts, ''].join('\n');
}

/** Not by locale: the order must not depend on the machine. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

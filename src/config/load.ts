// The configuration file of two slots, from disk to Config.
import { type FileOptions, readChecked } from './checked-file.ts';
import type { Config, SlotTopology } from './config.ts';
import { crossCheck } from './cross-checks.ts';
import type { Path, Problem } from './problems.ts';
import { configFile } from './schema.ts';
import { resolveScripts } from './script-files.ts';
import { valueAt } from './shape.ts';
import { toConfig } from './to-config.ts';
import type { YamlSource } from './yaml-source.ts';

export interface LoadOptions extends FileOptions {
  /** As given by the input `topology`: some keys belong to one only. */
  readonly topology: SlotTopology;
}

const EXAMPLES: Readonly<Record<SlotTopology, string>> = {
  'single-region': 'examples/rolling-upgrade.yml',
  'geo-redundant': 'examples/rolling-upgrade.geo-redundant.yml',
};

/**
 * Reads and checks the configuration file. Throws UpgradeError 'config-not-found', or 'config-invalid' with
 * every problem of the file, each with path, place, what was found and what is allowed.
 */
export function loadConfig({ topology, ...options }: LoadOptions): Config {
  const between = (source: YamlSource) => [
    ...crossCheck(source, topology),
    ...missingScripts(source, options.workspace),
  ];
  const rules = { schema: configFile, kind: 'slots', between, example: EXAMPLES[topology] } as const;
  return toConfig(readChecked(options, rules), topology);
}

function missingScripts(source: YamlSource, workspace: string): Problem[] {
  const path = ['upgrade', 'scripts'];
  const scripts = valueAt(source.data, path);
  if (typeof scripts !== 'object' || scripts === null) return [];
  if (Array.isArray(scripts)) return unmatchedEntries(source, workspace, path, scripts);
  return Object.entries(scripts).flatMap(([database, entries]) =>
    unmatchedEntries(source, workspace, [...path, database], entries),
  );
}

function unmatchedEntries(source: YamlSource, workspace: string, path: Path, entries: unknown): Problem[] {
  if (!Array.isArray(entries) || !entries.every((entry) => typeof entry === 'string')) return [];
  return resolveScripts(entries, workspace).unmatched.map((index) => ({
    path: [...path, index],
    found: `"${source.writtenAt([...path, index]) ?? entries[index]}", which matches no file of the workspace`,
    allowed: 'a file or glob relative to the workspace, e.g. db/*.sql',
  }));
}

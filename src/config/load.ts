// The configuration file, from disk to Config: read, replace variables, check everything, tell everything.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UpgradeError } from '../reasons.ts';
import type { Config, Topology } from './config.ts';
import { crossCheck } from './cross-checks.ts';
import { configInvalid, isWithin, type Path, type Problem } from './problems.ts';
import { resolveScripts } from './script-files.ts';
import { checkShape, valueAt } from './shape.ts';
import { toConfig } from './to-config.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

export interface LoadOptions {
  /** As given by the input `config`; relative to the workspace. */
  readonly path: string;
  /** As given by the input `topology`: some keys belong to one only. */
  readonly topology: Topology;
  readonly workspace: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes values from the environment that look like secrets, before anything is logged. */
  readonly mask: (secret: string) => void;
}

/**
 * Reads and checks the configuration file. Throws UpgradeError 'config-not-found', or 'config-invalid' with
 * every problem of the file, each with path, place, what was found and what is allowed.
 */
export function loadConfig({ path, topology, workspace, environment, mask }: LoadOptions): Config {
  const source = readYaml(readText(path, workspace), environment, mask);
  const positionOf = (problem: Problem) => source.positionOf(problem.path, problem.atKey);
  if (source.unreadable) throw configInvalid(path, source.problems, positionOf);
  const shape = checkShape(source);
  // Rules between keys are told too, except about values that are already known to be wrong.
  const wrong = [...source.problems, ...shape.problems];
  const between = [...crossCheck(source, topology), ...missingScripts(source, workspace)].filter(
    (problem) => !wrong.some((known) => known.path.length > 0 && isWithin(problem.path, known.path)),
  );
  const problems = [...wrong, ...between];
  if (shape.file === null || problems.length > 0) throw configInvalid(path, problems, positionOf);
  return toConfig(shape.file, topology);
}

function readText(path: string, workspace: string): string {
  const bytes = readBytes(path, workspace);
  try {
    // Drops a byte order mark, which Windows editors write.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UpgradeError('config-invalid', `${path} is not text in UTF-8.`, {
      advice: [`Save ${path} in UTF-8.`],
      cause,
    });
  }
}

function readBytes(path: string, workspace: string): Buffer {
  try {
    return readFileSync(isAbsolute(path) ? path : join(workspace, path));
  } catch (cause) {
    throw new UpgradeError(
      'config-not-found',
      `The configuration file ${path} cannot be read in ${workspace}.`,
      {
        advice: [
          'Check out the repository before this step (actions/checkout).',
          'Name another file with the input "config".',
          'Begin with examples/rolling-upgrade.yml of this action.',
        ],
        cause,
      },
    );
  }
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
    found: `"${source.writtenAt([...path, index]) ?? entries[index]}", which matches no file`,
    allowed: 'a file or glob relative to the workspace, e.g. db/*.sql',
  }));
}

// A configuration file of any topology, from disk to checked data: read, replace variables, check everything, tell
// everything.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { z } from 'zod';
import { UpgradeError } from '../reasons.ts';
import { type FileKind, refuseOtherKind } from './file-kind.ts';
import { configInvalid, isWithin, type Problem } from './problems.ts';
import { checkShape } from './shape.ts';
import { isFileOf } from './workspace-files.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

export interface FileOptions {
  /** As given by the input `config`; relative to the workspace. */
  readonly path: string;
  readonly workspace: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes values that look like secrets, before anything is logged. */
  readonly mask: (secret: string) => void;
}

export interface FileRules<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly kind: FileKind;
  /** Rules between keys, and between the file and the workspace; asked of files that break the schema too. */
  readonly between: (source: YamlSource) => readonly Problem[];
  /** A complete file of this kind in this repository, for who has none yet. */
  readonly example: string;
}

/**
 * The file as its schema has it, defaults filled in. Throws UpgradeError 'config-not-found', or 'config-invalid' with
 * every problem of the file, each with path, place, what was found and what is allowed.
 */
export function readChecked<Schema extends z.ZodType>(
  { path, workspace, environment, mask }: FileOptions,
  { schema, kind, between, example }: FileRules<Schema>,
): z.output<Schema> {
  const source = readYaml(readText(path, workspace, example), environment, mask);
  const positionOf = (problem: Problem) => source.positionOf(problem.path, problem.atKey);
  if (source.unreadable) throw configInvalid(path, source.problems, positionOf);
  refuseOtherKind(source.data, kind, path);
  const shape = checkShape(schema, source);
  // Rules between keys are told too, except about values that are already known to be wrong.
  const wrong = [...source.problems, ...(shape.ok ? [] : shape.problems)];
  const broken = between(source).filter(
    (problem) => !wrong.some((known) => known.path.length > 0 && isWithin(problem.path, known.path)),
  );
  const problems = [...wrong, ...broken];
  if (!shape.ok || problems.length > 0) throw configInvalid(path, problems, positionOf);
  return shape.file;
}

function readText(path: string, workspace: string, example: string): string {
  const bytes = readBytes(path, workspace, example);
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

function readBytes(path: string, workspace: string, example: string): Buffer {
  try {
    // An absolute path is the workflow's own word; a relative one may be a link that somebody has checked in.
    if (!isAbsolute(path) && !isFileOf(workspace, path)) throw new Error('It is no file of the workspace.');
    return readFileSync(isAbsolute(path) ? path : join(workspace, path));
  } catch (cause) {
    throw new UpgradeError(
      'config-not-found',
      `The configuration file ${path} cannot be read in ${workspace}.`,
      {
        advice: [
          'Check out the repository before this step (actions/checkout).',
          'Name another file with the input "config".',
          `Begin with ${example} of this action.`,
        ],
        cause,
      },
    );
  }
}

// The command line of the matrix.
import { parseArgs } from 'node:util';
import { KINDS, type Kind } from './case.ts';
import { WORLDS, type WorldName } from './world.ts';

export interface Asked {
  /** Empty: every one there is. */
  readonly kinds: readonly Kind[];
  readonly worlds: readonly WorldName[];
  readonly journeys: readonly string[];
  /** A case by its id, and only that. */
  readonly case: string | null;
  /** As many as this, drawn by the seed from every group. */
  readonly sample: number | null;
  /** One of so many parts, counted from 1. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  readonly seed: number;
  readonly jobs: number;
  readonly atOnce: number;
  /** Where results are kept, one JSON a line. */
  readonly results: string;
  /** Leaves out what has a result of this very bundle already. */
  readonly goesOn: boolean;
  readonly does: 'try' | 'list' | 'document';
}

export const USAGE = `Usage: npm run test:matrix -- [flags]
  --kind KIND           only this kind; may be given several times: ${KINDS.join(', ')}
  --world NAME          only this world; may be given several times:
${WORLDS.map((world) => `                          "${world}"`).join('\n')}
  --journey NAME        only this journey, e.g. "upgrade, switch" or cleanup; may be given several times
  --case ID             only the case with this id, as --list prints it, and as it stands with a violation
  --sample N            N cases, drawn by the seed from every group alike
  --shard I/N           the I-th of N parts (of the sample, where one is drawn)
  --seed NUMBER         the embedded Azure and the users follow from it (default 1)
  --jobs N              worker processes (default 2)
  --at-once N           cases at a time in each of them (default 3)
  --results FILE        where results are kept (default .matrix/results.jsonl)
  --continue            leaves out what this very bundle has a result of already, with or without a violation
  --list                prints the ids of the cases and tries none
  --document            writes docs/reliability.md from the results and tries none
  --help                this text

The first time with a bundle each journey is recorded, half a minute each. Ends with status 1 where a law was violated
or a case broke; the log of that case and the command that repeats it are printed. What the laws are, and what has
come of it so far: docs/reliability.md.`;

/** Throws an Error that says in one sentence what is wrong. */
export function parseCommandLine(args: readonly string[]): Asked | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kind: { type: 'string', multiple: true, default: [] },
      world: { type: 'string', multiple: true, default: [] },
      journey: { type: 'string', multiple: true, default: [] },
      case: { type: 'string' },
      sample: { type: 'string' },
      shard: { type: 'string' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '2' },
      'at-once': { type: 'string', default: '3' },
      results: { type: 'string', default: '.matrix/results.jsonl' },
      continue: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      document: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const named = values.case === undefined ? null : routeOf(values.case);
  return {
    kinds: named ? [named.kind] : values.kind.map((kind) => oneOf('kind', kind, KINDS)),
    worlds: named ? [named.world] : values.world.map((world) => oneOf('world', world, WORLDS)),
    journeys: named ? [named.journey] : values.journey,
    case: values.case ?? null,
    sample: values.sample === undefined ? null : whole('sample', values.sample),
    shard: values.shard === undefined ? null : shardOf(values.shard),
    seed: whole('seed', values.seed),
    jobs: whole('jobs', values.jobs),
    atOnce: whole('at-once', values['at-once']),
    results: values.results,
    goesOn: values.continue,
    does: values.list ? 'list' : values.document ? 'document' : 'try',
  };
}

/** An id begins with kind, world and journey. */
function routeOf(id: string): { kind: Kind; world: WorldName; journey: string } {
  const [kind = '', world = '', journey = ''] = id.split('|');
  return { kind: oneOf('case', kind, KINDS), world: oneOf('case', world, WORLDS), journey };
}

function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Error(`--${flag} is "${value}": it is one of ${allowed.join(', ')}.`);
  return found;
}

function whole(flag: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${flag} is "${value}": a whole number from 1 on.`);
  return number;
}

function shardOf(value: string): { index: number; of: number } {
  const [index = 0, of = 0] = value.split('/').map(Number);
  if (!Number.isInteger(index) || !Number.isInteger(of) || index < 1 || index > of) {
    throw new Error(`--shard is "${value}": as 2/5, the second of five parts.`);
  }
  return { index, of };
}

// What the rules between keys look at: the file as written, whatever else is wrong with it. Where a value has
// no sense yet, it is null and the rules keep quiet about it.
import type { SlotTopology } from './config.ts';
import { parseDuration } from './duration.ts';
import type { Path, Problem } from './problems.ts';
import { valueAt } from './shape.ts';
import type { YamlSource } from './yaml-source.ts';

/** What rules of every topology look at. */
export interface FileFacts {
  readonly source: YamlSource;
  /** Text at a path; null where there is none. */
  text(path: Path): string | null;
  milliseconds(path: Path, otherwise: string): number | null;
  has(path: Path): boolean;
}

/** Of a file of two slots. */
export interface Facts extends FileFacts {
  /** Of the run, not of the file. */
  readonly topology: SlotTopology;
  readonly slots: readonly string[];
  /** The slots in the primary region, then what the file has of them in the backup region. */
  readonly parts: readonly Part[];
  readonly method: 'traffic-manager' | 'slot-swap' | null;
}

/** One region's part of a slot. */
export interface Part {
  readonly slot: string;
  readonly region: Region;
  readonly path: Path;
}

export type Region = 'primary' | 'backup';

/** A rule between keys. */
export type Check<Of extends FileFacts = Facts> = (facts: Of) => Problem[];

export function gatherFileFacts(source: YamlSource): FileFacts {
  const text = (path: Path) => {
    const value = valueAt(source.data, path);
    return typeof value === 'string' ? value : null;
  };
  return {
    source,
    text,
    milliseconds: (path, otherwise) => parseDuration(text(path) ?? otherwise),
    has: (path) => valueAt(source.data, path) !== undefined,
  };
}

export function gatherFacts(source: YamlSource, topology: SlotTopology): Facts {
  const file = gatherFileFacts(source);
  const slots = keysAt(file, ['slots']);
  const method = file.text(['switch', 'method']) ?? 'traffic-manager';
  return {
    ...file,
    topology,
    slots,
    parts: [
      ...slots.map((slot): Part => ({ slot, region: 'primary', path: ['slots', slot] })),
      ...slots
        .map((slot): Part => ({ slot, region: 'backup', path: ['slots', slot, 'backup'] }))
        .filter(({ path }) => file.has(path)),
    ],
    method: method === 'traffic-manager' || method === 'slot-swap' ? method : null,
  };
}

/** Keys of the mapping at a path, in the file's order; none where something else stands there. */
export function keysAt({ source }: FileFacts, path: Path): string[] {
  const value = valueAt(source.data, path);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** Lower case, because Azure compares names so. `sql-server: x` and `sql-server: {name: x}` are the same. */
export function nameOf(facts: Facts, part: Part, key: string): string | null {
  const path = [...part.path, key];
  return (facts.text(path) ?? facts.text([...path, 'name']))?.toLowerCase() ?? null;
}

export function groupOf(facts: Facts, part: Part, key: string): string | null {
  const own = facts.text([...part.path, key, 'resource-group']);
  return (own ?? facts.text([...part.path, 'resource-group']))?.toLowerCase() ?? null;
}

/** For messages: `slot "blue"`, `the backup of slot "blue"`. */
export function placeOf({ slot, region }: Part): string {
  return region === 'primary' ? `slot "${slot}"` : `the backup of slot "${slot}"`;
}

export interface Repetition<Of> {
  readonly part: Of;
  readonly first: Of;
}

/** The parts that give what another part before them gives already; null counts as nothing given. */
export function repetitions<Of>(parts: readonly Of[], of: (part: Of) => string | null): Repetition<Of>[] {
  const seen = new Map<string, Of>();
  return parts.flatMap((part) => {
    const value = of(part);
    if (value === null) return [];
    const first = seen.get(value);
    if (first !== undefined) return [{ part, first }];
    seen.set(value, part);
    return [];
  });
}

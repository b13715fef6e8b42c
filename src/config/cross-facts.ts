// What the rules between keys look at: the file as written, whatever else is wrong with it. Where a value has
// no sense yet, it is null and the rules keep quiet about it.
import type { Topology } from './config.ts';
import { parseDuration } from './duration.ts';
import type { Path, Problem } from './problems.ts';
import { valueAt } from './shape.ts';
import type { YamlSource } from './yaml-source.ts';

export interface Facts {
  readonly source: YamlSource;
  /** Of the run, not of the file. */
  readonly topology: Topology;
  readonly slots: readonly string[];
  /** The slots in the primary region, then what the file has of them in the backup region. */
  readonly parts: readonly Part[];
  readonly method: 'traffic-manager' | 'slot-swap' | null;
  /** Text at a path; null where there is none. */
  text(path: Path): string | null;
  milliseconds(path: Path, otherwise: string): number | null;
  has(path: Path): boolean;
}

/** One region's part of a slot. */
export interface Part {
  readonly slot: string;
  readonly region: Region;
  readonly path: Path;
}

export type Region = 'primary' | 'backup';

/** A rule between keys. */
export type Check = (facts: Facts) => Problem[];

export function gatherFacts(source: YamlSource, topology: Topology): Facts {
  const text = (path: Path) => {
    const value = valueAt(source.data, path);
    return typeof value === 'string' ? value : null;
  };
  const has = (path: Path) => valueAt(source.data, path) !== undefined;
  const mapping = valueAt(source.data, ['slots']);
  const isMapping = typeof mapping === 'object' && mapping !== null && !Array.isArray(mapping);
  const slots = isMapping ? Object.keys(mapping) : [];
  const method = text(['switch', 'method']) ?? 'traffic-manager';
  return {
    source,
    topology,
    slots,
    parts: [
      ...slots.map((slot): Part => ({ slot, region: 'primary', path: ['slots', slot] })),
      ...slots
        .map((slot): Part => ({ slot, region: 'backup', path: ['slots', slot, 'backup'] }))
        .filter(({ path }) => has(path)),
    ],
    method: method === 'traffic-manager' || method === 'slot-swap' ? method : null,
    text,
    milliseconds: (path, otherwise) => parseDuration(text(path) ?? otherwise),
    has,
  };
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

export interface Repetition {
  readonly part: Part;
  readonly first: Part;
}

/** The parts that give what another part before them gives already; null counts as nothing given. */
export function repetitions(parts: readonly Part[], of: (part: Part) => string | null): Repetition[] {
  const seen = new Map<string, Part>();
  return parts.flatMap((part) => {
    const value = of(part);
    if (value === null) return [];
    const first = seen.get(value);
    if (first !== undefined) return [{ part, first }];
    seen.set(value, part);
    return [];
  });
}

// What the rules between keys look at: the file as written, whatever else is wrong with it. Where a value has
// no sense yet, it is null and the rules keep quiet about it.
import { parseDuration } from './duration.ts';
import type { Path, Problem } from './problems.ts';
import { valueAt } from './shape.ts';
import type { YamlSource } from './yaml-source.ts';

export interface Facts {
  readonly source: YamlSource;
  readonly slots: readonly string[];
  readonly method: 'traffic-manager' | 'slot-swap' | null;
  /** Text at a path; null where there is none. */
  text(path: Path): string | null;
  milliseconds(path: Path, otherwise: string): number | null;
  has(path: Path): boolean;
}

/** A rule between keys. */
export type Check = (facts: Facts) => Problem[];

export function gatherFacts(source: YamlSource): Facts {
  const text = (path: Path) => {
    const value = valueAt(source.data, path);
    return typeof value === 'string' ? value : null;
  };
  const slots = valueAt(source.data, ['slots']);
  const method = text(['switch', 'method']) ?? 'traffic-manager';
  return {
    source,
    slots: typeof slots === 'object' && slots !== null && !Array.isArray(slots) ? Object.keys(slots) : [],
    method: method === 'traffic-manager' || method === 'slot-swap' ? method : null,
    text,
    milliseconds: (path, otherwise) => parseDuration(text(path) ?? otherwise),
    has: (path) => valueAt(source.data, path) !== undefined,
  };
}

/** Lower case, because Azure compares names so. `sql-server: x` and `sql-server: {name: x}` are the same. */
export function nameOf(facts: Facts, slot: string, key: string): string | null {
  const path = ['slots', slot, key];
  return (facts.text(path) ?? facts.text([...path, 'name']))?.toLowerCase() ?? null;
}

export function groupOf(facts: Facts, slot: string, key: string): string | null {
  const own = facts.text(['slots', slot, key, 'resource-group']);
  return (own ?? facts.text(['slots', slot, 'resource-group']))?.toLowerCase() ?? null;
}

/** The second slot where both slots give the same, else none. */
export function sameInBothSlots(facts: Facts, of: (slot: string) => string | null): string[] {
  const seen = new Set<string>();
  return facts.slots.filter((slot) => {
    const value = of(slot);
    if (value === null) return false;
    const again = seen.has(value);
    seen.add(value);
    return again;
  });
}

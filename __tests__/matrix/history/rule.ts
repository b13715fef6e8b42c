// What every rule is given.
import type { DatabaseContents, End, History, Row } from './events.ts';
import { type Losses, lossesOf } from './losses.ts';
import { byKey, type OrderHistory } from './orders.ts';

export interface Evidence {
  readonly history: History;
  readonly end: End;
  readonly orders: ReadonlyMap<string, OrderHistory>;
  readonly losses: Losses;
  /** The database that serves users in the end; null where nobody does. */
  readonly serving: DatabaseContents | null;
}

/** Sentences, a law's number first; none where it holds. */
export type Rule = (evidence: Evidence) => string[];

export function evidenceOf(history: History, end: End): Evidence {
  const serving = end.databases.find(({ database }) => database === end.serving?.database) ?? null;
  return { history, end, orders: byKey(history.events), losses: lossesOf(history, end.serving), serving };
}

export function rowsByKey(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.key, row]));
}

/** Whether what lies in a version's database under this key may be nowhere else: by way of a confirmed loss. */
export function mayBeLeftBehind({ orders, losses }: Evidence, key: string, version: number): boolean {
  const writes = orders.get(key)?.writes ?? [];
  return writes.some(
    ({ servedBy, begun }) =>
      (servedBy === null || servedBy.version === version) && losses.mayBeLost(version, begun),
  );
}

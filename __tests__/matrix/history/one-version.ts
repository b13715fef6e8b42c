// No write was accepted by two versions: not the same one, and not by turns.
import { isAcknowledged, type Row } from './events.ts';
import { type Evidence, mayBeLeftBehind, type Rule, rowsByKey } from './rule.ts';

/**
 * A committed order that is in any database is in the one that serves users, and there it is the same: taken in by one
 * database and copied. Whether the user was told does not matter (law 4 speaks of committed transactions).
 */
export const oneDatabaseTakesItIn: Rule = (evidence) => {
  const { serving, end } = evidence;
  if (serving === null) return [];
  const there = rowsByKey(serving.rows);
  return end.databases
    .filter((contents) => contents !== serving)
    .flatMap(({ database, version, rows }) =>
      rows
        .filter(({ key }) => !mayBeLeftBehind(evidence, key, version))
        .filter(({ key }) => !mayBeLeftBehind(evidence, key, serving.version))
        .flatMap((row) => compared(row, there.get(row.key), database, serving.database)),
    );
};

function compared(row: Row, other: Row | undefined, database: string, serving: string): string[] {
  if (other === undefined)
    return [
      `law 4: order ${row.key} ("${row.content}") is in ${database} and not in ${serving}, which serves`,
    ];
  if (row.createdAt === other.createdAt) return [];
  return [
    `law 1: order ${row.key} ("${row.content}") was taken in by ${database} at ${row.createdAt} and again by ${serving} at ${other.createdAt}`,
  ];
}

/**
 * Once V2 has acknowledged a write, V1 acknowledges none that begins after it: in real time there is one moment at which
 * writing passes from V1 to V2. Only after a confirmed return it passes back.
 */
export const noVersionTakesOverAgain: Rule = ({ history, losses }: Evidence) => {
  const acknowledged = history.events.filter(isAcknowledged);
  return acknowledged.flatMap((write) => {
    const earlier = acknowledged.find(
      (other) =>
        other.ended < write.begun &&
        other.servedBy !== null &&
        write.servedBy !== null &&
        other.servedBy.version > write.servedBy.version &&
        !losses.mayBeLostFor(other.servedBy.version, other.begun, write.ended),
    );
    if (earlier === undefined) return [];
    return `law 1: ${write.servedBy?.site} acknowledged order ${write.key} after ${earlier.servedBy?.site} had acknowledged ${earlier.key}`;
  });
};

// No read goes back in time.
import { type History, isAcknowledged, type ReadEvent } from './events.ts';
import type { OrderHistory } from './orders.ts';
import type { Evidence, Rule } from './rule.ts';

interface Known {
  readonly version: number;
  readonly begun: number;
  readonly ended: number;
}

/**
 * Where any client was told that an order is written, or saw it, a read that begins after that answer sees it: served by
 * the same version, or by a later one, which is made out of the earlier one's data. A client with an old address may
 * look into the earlier version meanwhile: of what the later one took in that one knows nothing. A replica may lag. And
 * whoever still looks into the version that was left by a confirmed return learns nothing of what came after it.
 */
export const noReadGoesBack: Rule = (evidence) =>
  [...evidence.orders.values()].flatMap((order) => {
    const known = knownOf(order, evidence);
    return order.reads
      .filter((read) => read.seen === null && read.servedBy !== null && !read.servedBy.isReplica)
      .filter((read) => known.some((earlier) => isMissedBy(read, earlier, evidence)))
      .map(
        ({ key, servedBy, begun }) =>
          `law 4: ${servedBy?.site} knew nothing of order ${key} (at ${begun}) after users had been told of it`,
      );
  });

function knownOf({ key, writes, reads }: OrderHistory, { history }: Evidence): Known[] {
  const seen = [...writes.filter(isAcknowledged), ...reads.filter((read) => read.seen !== null)];
  const known = seen.flatMap(({ servedBy, begun, ended }) =>
    servedBy === null ? [] : [{ version: servedBy.version, begun, ended }],
  );
  return history.before.some((row) => row.key === key)
    ? [{ version: 0, begun: 0, ended: 0 }, ...known]
    : known;
}

function isMissedBy(
  { begun, ended, servedBy }: ReadEvent,
  known: Known,
  { losses, history }: Evidence,
): boolean {
  if (servedBy === null || known.ended >= begun || known.version > servedBy.version) return false;
  if (known.version < servedBy.version && isLeft(servedBy.version, known.ended, history)) return false;
  return !losses.mayBeLostFor(known.version, known.begun, ended);
}

function isLeft(version: number, since: number, { confirmed }: History): boolean {
  return confirmed.some((loss) => loss.version === version && loss.from < since);
}

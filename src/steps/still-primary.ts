// A geo-secondary reads as read-only too: a database that was failed over while it was frozen looks frozen, and takes no
// statement that would give it back. Production is elsewhere by then.
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import type { SqlConnection } from '../azure/ports.ts';
import { readLinks } from '../azure/tsql/geo-replication.ts';
import { UpgradeError } from '../reasons.ts';

/** Throws 'region-mismatch' where production's database is a geo-secondary. Needs VIEW DATABASE STATE. */
export async function assertStillPrimary(
  context: UpgradeContext,
  pair: DatabasePair,
  connection: SqlConnection,
): Promise<void> {
  const elsewhere = await whyNotPrimary(context, pair, connection);
  if (elsewhere) throw elsewhere;
}

/** The same, told: null where it is no geo-secondary. */
export async function whyNotPrimary(
  context: UpgradeContext,
  pair: DatabasePair,
  connection: SqlConnection,
): Promise<UpgradeError | null> {
  const above = (await readLinks(connection)).find((link) => link.role === 'secondary');
  if (!above) return null;
  return new UpgradeError(
    'region-mismatch',
    `${pair.name} on ${context.production.server.name} was failed over: it is a geo-secondary of ${above.partnerServer} now, and that is production`,
    {
      advice: [
        `Run phase rollback: it looks where production is, and gives it back on ${above.partnerServer}.`,
      ],
    },
  );
}

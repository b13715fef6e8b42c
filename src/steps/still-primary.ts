// A geo-secondary reads as read-only too: a database that was failed over while it was frozen looks frozen, and takes no
// statement that would give it back. Production is elsewhere by then.
import { setPrimary } from '../application/geo-replication-commands.ts';
import { sendToStage } from '../application/moving-users-commands.ts';
import { sameName } from '../application/production-slot.ts';
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import type { LinkStatus } from '../azure/tsql/geo-replication.ts';
import { UpgradeError } from '../reasons.ts';

/** Throws 'region-mismatch' where production's database says of its links that it is a geo-secondary. */
export function assertStillPrimary(
  context: UpgradeContext,
  pair: DatabasePair,
  links: readonly LinkStatus[],
): void {
  const elsewhere = whyNotPrimary(context, pair, links);
  if (elsewhere) throw elsewhere;
}

/** The same, told: null where it is no geo-secondary. */
export function whyNotPrimary(
  context: UpgradeContext,
  pair: DatabasePair,
  links: readonly LinkStatus[],
): UpgradeError | null {
  const above = links.find((link) => link.role === 'secondary');
  if (!above) return null;
  if (sameName(above.partnerServer, context.stage.server.name)) return failedOverToStage(context, pair);
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

/** Users stay where they are and cannot write there, and the copy is no copy any more. Which of the two is right a person has to say. */
function failedOverToStage(context: UpgradeContext, { name, production }: DatabasePair): UpgradeError {
  const stage = context.stage.server.name;
  return new UpgradeError(
    'region-mismatch',
    `${name} on ${production.server} was failed over to the stage database: it is a geo-secondary of ${stage} now, and users of ${context.production.config.name} cannot write`,
    {
      advice: [
        `Make production's database the primary again, with what was written on ${stage} meanwhile:\n${setPrimary(production, 'planned')}`,
        `Or, where nobody has failed it over, and somebody has sent users to ${context.production.config.name} too early. ${sendToStage(context)}`,
        'Then run phase rollback: it gives production back where it is still read-only.',
      ],
    },
  );
}

import { command } from '../engine/command-line.ts';
import type { Guard } from './guard.ts';
import { fail, notKnowable, pass, perDatabase } from './verdict.ts';

/**
 * While ledger digests are uploaded Azure removes no link of the database (400 LedgerNoDropLink), which would be found
 * out when users are read-only, and chains none to it (UnableToCreateGeoChain).
 */
export const ledgerDigests: Guard = {
  id: 'ledger-digests',
  title: 'No ledger digests are uploaded',
  phases: ['prepare', 'upgrade'],
  check: (context, observed, phase) =>
    perDatabase(context, observed, async (pair, { production, link }) => {
      if (!production.info) return notKnowable(`${pair.name} is not on ${pair.production.server}`);
      if (phase === 'upgrade' && !link) return pass(`${pair.name}: there is no link to be removed any more`);
      if (!(await context.azure.sql.hasLedgerDigestUploads(pair.production)))
        return pass(`${pair.name} uploads none`);
      const { resourceGroup, server, database } = pair.production;
      const where = ['-g', resourceGroup, '-s', server, '-n', database];
      return fail(
        'ledger-digest-uploads',
        `${pair.name} on ${server} uploads ledger digests: Azure removes no geo-replication link of it, and chains none`,
        'Switch the uploads off while the application is upgraded, and on again afterwards:',
        command('az', 'sql', 'db', 'ledger-digest-uploads', 'disable', ...where),
      );
    }),
};

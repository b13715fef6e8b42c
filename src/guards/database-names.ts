import type { DatabaseObservation } from '../application/observe.ts';
import { sameName } from '../application/production-slot.ts';
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import { command } from '../engine/command-line.ts';
import type { Guard, Verdict } from './guard.ts';
import { fail, pass, perDatabase } from './verdict.ts';

/** Azure replicates under one name only (ReplicationSourceAndTargetMustHaveSameName), and so does this tool. */
export const databaseNames: Guard = {
  id: 'database-names',
  title: 'Every database is there, under one name on both servers',
  phases: ['prepare', 'upgrade'],
  check: (context, observed) => perDatabase(context, observed, (pair, seen) => check(context, pair, seen)),
};

function check(context: UpgradeContext, pair: DatabasePair, seen: DatabaseObservation): Verdict {
  const { resourceGroup, server } = pair.production;
  if (!seen.production.info) {
    return fail(
      'resource-not-found',
      `${pair.name} is not on the production server ${server}`,
      'Correct `databases` in the configuration file; these are on the server:',
      command('az', 'sql', 'db', 'list', '-g', resourceGroup, '-s', server, '-o', 'table'),
    );
  }
  const other = seen.production.links.find(
    (link) =>
      link.role === 'Primary' &&
      sameName(link.partnerServer, context.stage.server.name) &&
      !sameName(link.partnerDatabase, pair.name),
  );
  if (other) {
    return fail(
      'database-name-mismatch',
      `${pair.name} on ${server} is replicated to ${other.partnerServer} under the name ${other.partnerDatabase}`,
      'Remove that link and its database if nobody needs them; prepare then creates a copy of the same name:',
      command('az', 'sql', 'db', 'replica', 'list-links', '-g', resourceGroup, '-s', server, '-n', pair.name),
    );
  }
  return pass(`${pair.name} is on ${server}, and goes by that name on ${context.stage.server.name}`);
}

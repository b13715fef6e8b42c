// The database that users are on was deleted, by a person or by a script of theirs. There is nothing to give back, and no
// waiting brings it back.
import type { Observation } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { shell } from '../engine/command-line.ts';
import { UpgradeError } from '../reasons.ts';

type Databases = Pick<Observation, 'databases'>;

/** The application without the databases that production does not have any more; itself where it has them all. */
export function withoutGone(context: UpgradeContext, observed: Databases): UpgradeContext {
  const gone = namesOfGone(observed);
  if (gone.length === 0) return context;
  return { ...context, databases: context.databases.filter(({ name }) => !gone.includes(name)) };
}

/** 'resource-not-found' where Azure does not know a database of production: which, and how a deleted one is restored. */
export function databasesGone(context: UpgradeContext, observed: Databases): UpgradeError | null {
  const gone = namesOfGone(observed);
  if (gone.length === 0) return null;
  const { config } = context.production;
  const pairs = context.databases.filter(({ name }) => gone.includes(name));
  const where = pairs.map(({ name, production }) => `${name} on ${production.server}`).join(', ');
  return new UpgradeError(
    'resource-not-found',
    `Users are on ${config.name}, and its database is not there: ${where}`,
    { advice: [restore(pairs), ...geoSecondary(context), ...before(context)] },
  );
}

function namesOfGone({ databases }: Databases): string[] {
  return databases.filter(({ production }) => production.access === 'absent').map(({ name }) => name);
}

/** https://learn.microsoft.com/azure/azure-sql/database/recovery-using-backups#deleted-database-restore */
function restore(pairs: UpgradeContext['databases']): string {
  return [
    'If its name is misspelt correct databases in the configuration. If it was deleted users do without it, and Azure restores it as it was then; the first command tells when that was:',
    ...pairs.flatMap(({ production: { resourceGroup, server, database } }) => [
      shell`az sql db list-deleted -g ${resourceGroup} -s ${server}`,
      shell`az sql db restore -g ${resourceGroup} -s ${server} -n ${database} --dest-name ${database} --deleted-time TIME`,
    ]),
  ].join('\n');
}

function geoSecondary({ production: { standby } }: UpgradeContext): string[] {
  if (!standby) return [];
  return [
    `A geo-secondary outlives its primary: what is on ${standby.server.name} has all that had arrived there. Remove nothing before users can write again.`,
  ];
}

function before({ stage }: UpgradeContext): string[] {
  return [`Then run phase status. Until then leave the databases of ${stage.config.name} as they are.`];
}

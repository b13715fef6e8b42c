import type { DatabaseObservation, Observation } from '../application/observe.ts';
import {
  type DatabasePair,
  type Role,
  type Server,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import { type DatabaseRights, readRights } from '../azure/tsql/database-rights.ts';
import { readLinks } from '../azure/tsql/geo-replication.ts';
import { quoteName } from '../azure/tsql/identifiers.ts';
import { shell, sqlcmd } from '../engine/command-line.ts';
import type { CheckInBackupRegion } from './backup-region.ts';
import type { Guard, Verdict } from './guard.ts';
import { allOf, fail, notKnowable, pass, perDatabase } from './verdict.ts';

/** VIEW DATABASE STATE denied, and the server-wide right of the same kind. */
const NOT_PERMITTED = [297, 300] as const;
/** Login failed; cannot open the database; not a user of it. */
const NOT_LET_IN = [18456, 4060, 916] as const;
/** Address not let in by the firewall; public network access denied. */
const NETWORK_CLOSED = [40615, 47073] as const;

/** db_owner in every database, on both sides: db_ddladmin is not enough to set a database read-only. */
export const sqlPermissions: Guard = {
  id: 'sql-permissions',
  title: 'The identity is db_owner of every database',
  phases: ['prepare', 'upgrade', 'switch'],
  check: (context, observed) => checkRights(context, observed, context.production.server),
};

/** The same of the databases in the backup region; rights are granted where the database takes writes. */
export const rightsInBackupRegion: CheckInBackupRegion = ({ context, observed }, _, primary) =>
  checkRights(context, observed, primary.production.server);

/** @param writable the server on which a right is granted that both sides lack. */
function checkRights(context: UpgradeContext, observed: Observation, writable: Server): Promise<Verdict> {
  return perDatabase(context, observed, async (pair, seen) => {
    // A server lets nobody into a database that it does not have, in the words in which it refuses an identity.
    if (seen.production.access === 'absent')
      return notKnowable(`${pair.name} is not on ${pair.production.server}`);
    const production = await checkSide(context, 'production', pair, writable);
    if (production.verdict.kind === 'fail') return production.verdict;
    const stage = isOpen(seen)
      ? (await checkSide(context, 'stage', pair, writable)).verdict
      : ahead(context, pair, production.rights);
    return allOf([production.verdict, stage]);
  });
}

/** A database that is being seeded refuses every login. */
function isOpen({ stage, link }: DatabaseObservation): boolean {
  const seeding = stage.links.some((one) => one.role !== 'Primary' && one.state !== 'CATCH_UP');
  if (stage.access === 'absent' || seeding) return false;
  return link === null || link.state === 'CATCH_UP';
}

interface SideChecked {
  readonly verdict: Verdict;
  readonly rights: DatabaseRights | null;
}

async function checkSide(
  context: UpgradeContext,
  role: Role,
  pair: DatabasePair,
  writable: Server,
): Promise<SideChecked> {
  const where = `${pair.name} on ${context[role].server.name}`;
  try {
    return await context.sessions.on(sqlTarget(context, role, pair.name), async (connection) => {
      const rights = await readRights(connection);
      if (!rights.isOwner) return { rights, verdict: notOwner(writable, pair, where, rights.user) };
      await readLinks(connection);
      return { rights, verdict: pass(`${rights.user} is db_owner of ${where}`) };
    });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { rights: null, verdict: refusal(context, role, pair, writable, error) };
  }
}

function notOwner(writable: Server, pair: DatabasePair, where: string, user: string): Verdict {
  return fail(
    'sql-permission-missing',
    `${user} is not db_owner of ${where}`,
    'As administrator of the production server (the right replicates to the stage database):',
    onWritable(writable, pair, `ALTER ROLE db_owner ADD MEMBER ${quoteName(user)};`),
  );
}

function refusal(
  context: UpgradeContext,
  role: Role,
  pair: DatabasePair,
  writable: Server,
  error: SqlError,
): Verdict {
  const { server } = context[role];
  const where = `${pair.name} on ${server.name}`;
  if (error.has(...NETWORK_CLOSED)) {
    return fail(
      'sql-firewall',
      `${where} does not let the runner in: ${error.message}`,
      "Let the runner's address through the firewall, or use a runner in the network of the server's private endpoint:",
      shell`az sql server firewall-rule create -g ${pair[role].resourceGroup} -s ${server.name} -n runner --start-ip-address ADDRESS --end-ip-address ADDRESS`,
    );
  }
  if (error.has(...NOT_PERMITTED)) {
    return fail(
      'sql-permission-missing',
      `the state of replication cannot be read in ${where}: ${error.message}`,
      'As administrator of the production server:',
      onWritable(writable, pair, 'ALTER ROLE db_owner ADD MEMBER [IDENTITY];'),
    );
  }
  if (error.kind === 'login' && error.has(...NOT_LET_IN)) {
    const { sqlLogin } = context.config;
    if (sqlLogin) {
      return fail(
        'sql-permission-missing',
        `${where} does not let the SQL login ${sqlLogin.user} in: ${error.message}`,
        'Check sql-login.user and sql-login.password (the variable it takes its value from) of the config file; the login has to be there on both servers.',
      );
    }
    return fail(
      'sql-permission-missing',
      `${where} does not know the identity: ${error.message}`,
      'Make the identity a contained user of the production database; it replicates to the stage database:',
      onWritable(
        writable,
        pair,
        'CREATE USER [IDENTITY] FROM EXTERNAL PROVIDER; ALTER ROLE db_owner ADD MEMBER [IDENTITY];',
      ),
    );
  }
  throw error;
}

function onWritable(writable: Server, pair: DatabasePair, statement: string): string {
  return sqlcmd(writable.fullyQualifiedDomainName, pair.name, statement);
}

/** Users of a database replicate with it; being a server's administrator does not. */
function ahead(context: UpgradeContext, pair: DatabasePair, rights: DatabaseRights | null): Verdict {
  const { production, stage, config } = context;
  const there = production.server.entraAdministrator;
  const here = stage.server.entraAdministrator;
  const byAdministration = rights?.user === 'dbo' && config.sqlLogin === null;
  if (byAdministration && there !== here) {
    return notKnowable(
      `the identity is dbo of ${pair.name} as administrator of ${production.server.name}; ${stage.server.name} has ${here ?? 'no'} Entra administrator, so whether the copy lets it in shows after seeding`,
    );
  }
  return pass(`${pair.name} cannot be opened on ${stage.server.name} yet; its users come with the data`);
}

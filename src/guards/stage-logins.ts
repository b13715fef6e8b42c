import { sameName } from '../application/production-slot.ts';
import { sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import { quoteName } from '../azure/tsql/identifiers.ts';
import { readLoginUsers, readServerLogins, type SqlPrincipal } from '../azure/tsql/sql-logins.ts';
import { sqlcmd } from '../engine/command-line.ts';
import type { Guard, Verdict } from './guard.ts';
import { fail, pass, perDatabase } from './verdict.ts';

/** Logins of a server do not replicate; without one of the same SID a user of the copy cannot sign in. */
export const stageLogins: Guard = {
  id: 'stage-logins',
  title: 'The stage server has the logins of the production database',
  phases: ['prepare', 'upgrade'],
  check: (context, observed) =>
    perDatabase(context, observed, async (pair) => {
      const users = await context.sessions.on(sqlTarget(context, 'production', pair.name), readLoginUsers);
      if (users.length === 0) return pass(`no user of ${pair.name} needs a login of the server`);
      const logins = await context.sessions.on(sqlTarget(context, 'stage', 'master'), readServerLogins);
      const missing = users.filter((user) => !logins.some((login) => login.sid === user.sid));
      const server = context.stage.server.name;
      if (missing.length > 0) return loginsMissing(context, pair.name, missing, logins);
      return pass(`${server} has the logins of ${names(users)} (${pair.name}), with the same SIDs`);
    }),
};

function loginsMissing(
  context: UpgradeContext,
  database: string,
  missing: readonly SqlPrincipal[],
  logins: readonly SqlPrincipal[],
): Verdict {
  const { server } = context.stage;
  const host = server.fullyQualifiedDomainName;
  const told = missing.map((user) =>
    hasName(logins, user) ? `${user.name} (there with another SID)` : user.name,
  );
  return fail(
    'sql-login-missing',
    `${server.name} has no login for these users of ${database}: ${told.join(', ')}`,
    'Create each login on the stage server with the password it has on the production server (or use a contained user instead, which replicates: CREATE USER … WITH PASSWORD in the production database):',
    ...missing.map((user) => sqlcmd(host, 'master', creation(user, hasName(logins, user)))),
  );
}

function creation(user: SqlPrincipal, inTheWay: boolean): string {
  const name = quoteName(user.name);
  const drop = inTheWay ? `DROP LOGIN ${name}; ` : '';
  return `${drop}CREATE LOGIN ${name} WITH PASSWORD = N'PASSWORD', SID = ${user.sid};`;
}

function hasName(logins: readonly SqlPrincipal[], user: SqlPrincipal): boolean {
  return logins.some((login) => sameName(login.name, user.name));
}

function names(principals: readonly SqlPrincipal[]): string {
  return principals.map((one) => one.name).join(', ');
}

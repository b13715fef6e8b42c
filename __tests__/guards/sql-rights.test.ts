import { describe } from '@jest/globals';
import { SqlError, type SqlErrorKind } from '../../src/azure/errors.ts';
import { sqlPermissions } from '../../src/guards/sql-permissions.ts';
import { stageLogins } from '../../src/guards/stage-logins.ts';
import { absent, config, databases, link, server } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';
import { sqlAnswers } from './world.ts';

function sqlError(number: number, kind: SqlErrorKind, text: string): SqlError {
  return new SqlError(text, kind, [{ number, severity: 14, state: 1, line: 1, procedure: '', text }]);
}

const notOwner = () => [{ name: "o'brien]", owner: 0, alter_database: 1 }];
const asDbo = () => [{ name: 'dbo', owner: 0, alter_database: 1 }];

describe('sql-permissions', () => {
  tableOf(sqlPermissions, [
    { when: 'db_owner on both sides', says: 'pass', telling: ['contoso-sql-blue', 'contoso-sql-green'] },
    { when: 'dbo on both sides', world: { sql: sqlAnswers({ IS_ROLEMEMBER: asDbo }) }, says: 'pass' },
    {
      when: 'not db_owner of production',
      world: { sql: sqlAnswers({ IS_ROLEMEMBER: notOwner }) },
      says: 'sql-permission-missing',
      telling: ["o'brien]", 'contoso-sql-blue'],
      advising: ["ALTER ROLE db_owner ADD MEMBER [o'\\''brien]]];'"],
    },
    {
      when: 'not known on the stage server',
      world: {
        sql: sqlAnswers({
          IS_ROLEMEMBER: (role) =>
            role === 'stage'
              ? sqlError(18456, 'login', "Login failed for user '<token-identified principal>'.")
              : asDbo(),
        }),
      },
      says: 'sql-permission-missing',
      telling: ['contoso-sql-green', 'Login failed'],
      advising: ['FROM EXTERNAL PROVIDER', 'contoso-sql-blue.database.windows.net'],
    },
    {
      when: 'the runner is not let in by the stage firewall',
      world: {
        sql: sqlAnswers({
          IS_ROLEMEMBER: (role) =>
            role === 'stage' ? sqlError(40615, 'login', "Client with IP address '9.9.9.9'") : asDbo(),
        }),
      },
      says: 'sql-firewall',
      telling: ['9.9.9.9'],
      advising: ['firewall-rule create -g contoso-green -s contoso-sql-green'],
    },
    {
      when: 'VIEW DATABASE STATE is denied',
      world: {
        sql: sqlAnswers({
          dm_geo_replication_link_status: () =>
            sqlError(300, 'server', 'VIEW DATABASE STATE permission was denied'),
        }),
      },
      says: 'sql-permission-missing',
      telling: ['VIEW DATABASE STATE'],
    },
    {
      when: 'the connection is lost meanwhile',
      world: { sql: sqlAnswers({ IS_ROLEMEMBER: () => sqlError(0, 'lost', 'socket hang up') }) },
      says: 'not-knowable',
      telling: ['socket hang up'],
    },
    {
      when: 'the stage database is not there',
      world: { databases: databases({ links: [] }, absent) },
      says: 'pass',
      telling: ['come with the data'],
    },
    {
      when: 'the stage database is being seeded',
      world: {
        databases: databases(
          { links: [link({ state: 'SEEDING' })] },
          { access: 'unreachable', why: 'it is being seeded' },
        ),
        sql: sqlAnswers({
          IS_ROLEMEMBER: (role) => (role === 'stage' ? sqlError(18456, 'login', 'not asked') : asDbo()),
        }),
      },
      says: 'pass',
    },
    {
      when: 'dbo as administrator of a server whose twin has another administrator',
      world: {
        databases: databases({ links: [] }, absent),
        sql: sqlAnswers({ IS_ROLEMEMBER: asDbo }),
        servers: {
          production: server('contoso-sql-blue'),
          stage: server('contoso-sql-green', { entraAdministrator: 'somebody else' }),
        },
      },
      says: 'not-knowable',
      telling: ['somebody else'],
    },
    {
      when: 'the same with a SQL login, which is administrator of neither in Entra',
      world: {
        config: config({ sqlLogin: { user: 'contoso-admin', password: 'hidden' } }),
        databases: databases({ links: [] }, absent),
        sql: sqlAnswers({ IS_ROLEMEMBER: asDbo }),
        servers: {
          production: server('contoso-sql-blue'),
          stage: server('contoso-sql-green', { entraAdministrator: null }),
        },
      },
      says: 'pass',
    },
    {
      when: 'a contained user, while the administrators differ',
      world: {
        databases: databases({ links: [] }, absent),
        servers: {
          production: server('contoso-sql-blue'),
          stage: server('contoso-sql-green', { entraAdministrator: null }),
        },
      },
      says: 'pass',
    },
    {
      when: 'the stage server is out of order',
      world: {
        sql: sqlAnswers({
          IS_ROLEMEMBER: (role) =>
            role === 'stage' ? sqlError(40613, 'login', 'not currently available') : asDbo(),
        }),
      },
      says: 'not-knowable',
      telling: ['not currently available'],
    },
    {
      when: 'one of two databases is not ours',
      world: {
        config: config({ databases: ['contoso', 'billing'] }),
        databases: [...databases(), ...databases()],
        sql: sqlAnswers({ IS_ROLEMEMBER: (_, name) => (name === 'billing' ? notOwner() : asDbo()) }),
      },
      says: 'sql-permission-missing',
      telling: [/billing/, /^(?!.*db_owner of contoso on)/],
    },
  ]);
});

const APP = { name: 'contoso-app', sid: Buffer.from('010600AB', 'hex') };

describe('stage-logins', () => {
  tableOf(stageLogins, [
    { when: 'only contained users', says: 'pass', telling: ['no user of contoso'] },
    {
      when: 'the login is there with its SID, under whatever name',
      world: {
        sql: sqlAnswers({ database_principals: () => [APP], sql_logins: () => [{ ...APP, name: 'other' }] }),
      },
      says: 'pass',
      telling: ['contoso-app'],
    },
    {
      when: 'the login is missing',
      world: { sql: sqlAnswers({ database_principals: () => [APP] }) },
      says: 'sql-login-missing',
      telling: ['contoso-app'],
      advising: [
        'sqlcmd -S contoso-sql-green.database.windows.net -d master',
        /CREATE LOGIN \[contoso-app\] WITH PASSWORD .* SID = 0x010600AB;/,
        /^(?!.*DROP LOGIN)/s,
      ],
    },
    {
      when: 'a login of that name has another SID',
      world: {
        sql: sqlAnswers({
          database_principals: () => [APP],
          sql_logins: () => [{ name: 'CONTOSO-APP', sid: Buffer.from('FF', 'hex') }],
        }),
      },
      says: 'sql-login-missing',
      telling: ['another SID'],
      advising: [/DROP LOGIN \[contoso-app\]; CREATE LOGIN/],
    },
    {
      when: 'master of the stage server cannot be read',
      world: {
        sql: sqlAnswers({
          database_principals: () => [APP],
          sql_logins: () => sqlError(18456, 'login', 'Login failed'),
        }),
      },
      says: 'not-knowable',
      telling: ['Login failed'],
    },
  ]);
});

// The configuration file's own shape: kebab-case keys, durations as text. Everything a person or an editor
// needs to know about a key stands here, and schema.json and docs/config.md are generated from it.
import { z } from 'zod';
import { choice, duration, named, section, text, wholeNumber } from './fields.ts';
import * as rule from './names.ts';
import { slot, trafficManager } from './schema-resources.ts';
import { variable } from './variables.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One list that holds for every database, or a mapping with a list for each, which may be empty. */
function forEveryDatabase(
  entry: ReturnType<typeof text>,
  allowed: { readonly list: string; readonly some: string },
  description: string,
) {
  const list = z.array(entry, { error: allowed.list });
  const byDatabase = z.record(named(rule.DATABASE, 'Name of the database.'), list);
  return z
    .union([list.min(1, { error: allowed.some }), byDatabase], {
      error: `${allowed.list}, or a mapping with such a list for every database`,
    })
    .meta({
      description: `${description} One list for all databases, or a mapping from the name of a database to its list; an empty list leaves that database as it is.`,
    });
}

const upgrade = section(
  {
    scripts: forEveryDatabase(
      text('File or glob.', 'db/*.sql'),
      {
        list: 'a list of files or globs, e.g. [db/*.sql]',
        some: 'at least one file or glob, e.g. [db/*.sql]',
      },
      'Upgrade scripts (T-SQL as sqlcmd reads it) or globs, relative to the workspace, run in this order; the files of one glob in the order of their names, byte by byte. A file named twice runs once, where it is named first.',
    ).optional(),
    variables: z
      .record(
        named(rule.SCRIPT_VARIABLE, 'Name of the variable.'),
        text('Value of the variable.', '2026.11', 65_536),
        { error: 'a mapping of names to text, e.g. {Release: "2026.11"}' },
      )
      .meta({ description: 'Scripting variables, `$(name)` in the scripts.' })
      .optional(),
    command: forEveryDatabase(
      text('Argument.', 'dotnet', 32_768),
      {
        list: 'a list: program and arguments, e.g. [dotnet, ef, database, update]',
        some: 'a program and its arguments, e.g. [dotnet, ef, database, update]',
      },
      'Instead of scripts: a program and its arguments, run without a shell, with the stage connection in its environment (SQL_SERVER, SQL_DATABASE, SQL_CONNECTION_STRING, SQL_ACCESS_TOKEN or SQL_USER and SQL_PASSWORD).',
    ).optional(),
    'databases-at-once': wholeNumber(
      'How many databases are upgraded at a time. Users wait for all of them: more shorten the read-only window as long as the servers (an elastic pool, the log rate) carry it. 1: in the order of `databases`, which scripts may rely on.',
      { min: 1, max: 500, example: 4 },
    ).default(1),
    timeout: duration(
      'The longest the upgrade of one database may take. Default: `max-read-only`, because users are read-only meanwhile.',
      { max: 24 * HOUR, example: '20m' },
    ).optional(),
  },
  'What turns the stage database into that of V2: `scripts` or `command`, one of the two.',
).meta({ oneOf: [{ required: ['scripts'] }, { required: ['command'] }] });

const versionFrom = z
  .union(
    [
      z.literal('body').meta({ description: 'The whole answer is the version.' }),
      section(
        { header: named(rule.HEADER, 'The header that holds the version.') },
        'A header of the answer.',
      ),
      section(
        { json: text('Property of the JSON answer, nested ones with dots.', 'version') },
        'A property of the JSON answer.',
      ),
    ],
    { error: '{json: PROPERTY}, {header: NAME} or body, e.g. {json: version}' },
  )
  .meta({ description: 'Where the answer tells the version.' });

const health = section(
  {
    protocol: choice(['https', 'http'], 'Protocol of the check.').default('https'),
    path: named(rule.URL_PATH, 'Path that is asked.').default('/health'),
    'expected-status': z
      .union(
        [
          wholeNumber('Status.', { min: 100, max: 599, example: 200 }),
          z.array(wholeNumber('Status.', { min: 100, max: 599, example: 200 })).min(1),
        ],
        { error: 'an HTTP status from 100 to 599 or a list of them, e.g. 200 or [200, 204]' },
      )
      .meta({ description: 'HTTP status, or a list of them, that counts as healthy.' })
      .default(200),
    'expected-version': text(
      'The version V2 must answer with: success is this version seen by users, not a 200. In quotes, or from the environment.',
      '2.0.0',
    ),
    'version-from': versionFrom.default({ json: 'version' }),
    consecutive: wholeNumber('How often in a row the check must pass.', {
      min: 1,
      max: 100,
      example: 3,
    }).default(3),
    interval: duration(
      'The longest time from one check to the next: what is not healthy yet is asked more often at first, and while users can only read good answers are asked for one right after the other.',
      { max: HOUR, example: '5s' },
    ).default('5s'),
    'request-timeout': duration('The longest one request may take.', {
      max: 10 * MINUTE,
      example: '10s',
    }).default('10s'),
    timeout: duration('The longest to wait until the check passes.', {
      max: 6 * HOUR,
      example: '5m',
    }).default('5m'),
  },
  'How V2 is recognised as healthy, on its own address before the switch and at the public name after it.',
);

/** The whole file. Output: as written, with the defaults filled in. */
export const configFile = section(
  {
    version: z.literal(1, { error: '1, the version of this file format' }).meta({
      description: 'Version of this file format.',
    }),
    application: named(rule.APPLICATION, 'Name of the application, for log, summary and the journal.'),
    slots: z
      .record(named(rule.SLOT, 'Name of the slot.'), slot, {
        error: 'a mapping of two slot names to slots, e.g. blue: {…} and green: {…}',
      })
      .meta({
        description:
          'The two slots, by names of your choice. Which one is production is read from Azure at every run.',
        minProperties: 2,
        maxProperties: 2,
      }),
    databases: z
      .array(named(rule.DATABASE, 'Database name.'), { error: 'a list of database names, e.g. [contoso]' })
      .min(1, { error: 'at least one database name, e.g. [contoso]' })
      .meta({
        description:
          'Databases of the application, the same names in both slots. All are frozen, drained, upgraded and rolled back together.',
      }),
    'traffic-manager': trafficManager.optional(),
    upgrade,
    freeze: section(
      {
        method: choice(
          ['read-only', 'deny-writes', 'auto'],
          '`read-only`: the database is set READ_ONLY. `deny-writes`: the writing permissions, and with them every procedure and function, are denied to everybody but the action; reading goes on uninterrupted. `auto`: `read-only`, and `deny-writes` where SQL Server refuses that on a replicated database (error 1468). See [how it works](how-it-works.md#the-two-ways-to-freeze).',
        ).default('read-only'),
        grace: duration(
          "What users' open transactions get before the freeze rolls them back (ROLLBACK AFTER, or the end of their sessions).",
          { min: 0, max: HOUR, example: '10s' },
        ).default('10s'),
      },
      'How production is made read-only.',
    ).prefault({}),
    seeding: section(
      {
        timeout: duration(
          'How long `prepare` waits for the first full copy. It can be run again and goes on.',
          {
            max: 120 * HOUR,
            example: '5h',
          },
        ).default('5h'),
      },
      'The first full copy of the databases.',
    ).prefault({}),
    drain: section(
      {
        timeout: duration(
          'How long the drain may take before the upgrade gives up and unfreezes. Default: 5m, or `max-read-only` where that is shorter.',
          { max: 24 * HOUR, example: '5m' },
        ).optional(),
      },
      'Waiting until every committed transaction of production is on the stage database.',
    ).prefault({}),
    'max-read-only': duration('The longest users may be read-only before the action goes back by itself.', {
      max: 24 * HOUR,
      example: '30m',
    }).default('30m'),
    health,
    switch: section(
      {
        method: choice(
          ['traffic-manager', 'slot-swap'],
          '`traffic-manager`: one write of the profile moves users. `slot-swap`: two deployment slots of one web app are swapped, and Traffic Manager is left alone.',
        ).default('traffic-manager'),
        'deployment-slot': named(
          rule.DEPLOYMENT_SLOT,
          'For `slot-swap`: the deployment slot that is the stage site. Default: staging.',
        ).optional(),
      },
      'How users are moved.',
    ).prefault({}),
    standby: section(
      {
        mode: choice(
          ['chained', 'after-termination'],
          "When the stage slot's geo-secondaries in the backup region are made. `chained`: by `prepare`, from the stage databases. `after-termination`: by `upgrade`, once the links to production are cut, for databases that Azure does not chain (Hyperscale, customer-managed keys); users are read-only for that seeding too.",
        ).default('chained'),
      },
      'The backup region, for `topology: geo-redundant`.',
    ).optional(),
    rollback: section(
      {
        stage: choice(
          ['keep', 'remove'],
          'What a rollback does with the stage slot: `keep` it for root cause analysis, or `remove` what the action created.',
        ).default('keep'),
      },
      'What a rollback does.',
    ).prefault({}),
    'sql-login': section(
      {
        user: text('SQL login or contained user, db_owner in every database.', 'upgrade', 128),
        password: text('Password, from the environment.', variable('SQL_PASSWORD'), 128),
      },
      'A SQL login instead of Microsoft Entra tokens.',
    ).optional(),
  },
  'Configuration of the rolling-upgrade action.',
);

export type ConfigFile = z.output<typeof configFile>;

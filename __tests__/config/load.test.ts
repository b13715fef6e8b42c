import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { variable } from '../../src/config/variables.ts';
import { changed, load, problemsOf, sample, swapSample, workspace } from './sample.ts';

describe('a right file', () => {
  test('gets every default', () => {
    const { config, error } = load(sample());
    expect(error).toBeNull();
    expect(config).toEqual({
      topology: 'single-region',
      application: 'contoso',
      slots: [
        {
          name: 'blue',
          resourceGroup: 'contoso-blue',
          sqlServer: 'contoso-sql-blue',
          sqlResourceGroup: 'contoso-blue',
          elasticPool: null,
          webApp: 'contoso-blue',
          webAppResourceGroup: 'contoso-blue',
          webAppMode: 'existing',
          appServicePlan: null,
          endpoint: { name: 'blue', type: 'external' },
          backup: null,
          failoverGroup: null,
        },
        expect.objectContaining({ name: 'green', sqlServer: 'contoso-sql-green' }),
      ],
      databases: ['contoso'],
      trafficManager: {
        resourceGroup: 'contoso-traffic',
        profile: 'contoso',
        dnsName: 'contoso',
        ttlSeconds: 30,
        publicName: 'www.contoso.example',
      },
      switchMethod: 'traffic-manager',
      deploymentSlot: 'staging',
      upgrade: {
        kind: 'scripts',
        databasesAtOnce: 1,
        scripts: { contoso: ['db/*.sql'] },
        variables: {},
        timeoutMs: 1_800_000,
      },
      freezeMethod: 'read-only',
      freezeGraceSeconds: 10,
      seedingTimeoutMs: 18_000_000,
      drainTimeoutMs: 300_000,
      maxReadOnlyMs: 1_800_000,
      health: {
        protocol: 'https',
        path: '/health',
        expectedStatus: [200],
        expectedVersion: '2.0.0',
        versionFrom: { kind: 'json', property: 'version' },
        consecutive: 3,
        intervalMs: 5_000,
        requestTimeoutMs: 10_000,
        timeoutMs: 300_000,
      },
      standbyMode: 'chained',
      rollback: { stage: 'keep' },
      sqlLogin: null,
    });
  });

  test('may say everything in full', () => {
    let file = sample();
    file = changed(file, 'slots.green', {
      'resource-group': 'contoso-green',
      'sql-server': { name: 'contoso-sql-green', 'resource-group': 'contoso-sql', 'elastic-pool': 'pool 1' },
      'web-app': {
        name: 'contoso-green',
        'resource-group': 'web',
        mode: 'create',
        'app-service-plan': 'plan',
      },
      endpoint: { name: 'second', type: 'azure' },
    });
    file = changed(file, 'upgrade', {
      command: ['dotnet', 'ef', 'database', 'update'],
      'databases-at-once': 8,
      timeout: '90s',
    });
    file = changed(file, 'health', {
      'expected-version': '2',
      'version-from': { header: 'X-Version' },
      'expected-status': [200, 204],
    });
    file = changed(file, 'sql-login', { user: 'upgrade', password: variable('SQL_PASSWORD') });
    const { config } = load(file, { SQL_PASSWORD: 'correct horse' });
    expect(config?.slots[1]).toEqual({
      name: 'green',
      resourceGroup: 'contoso-green',
      sqlServer: 'contoso-sql-green',
      sqlResourceGroup: 'contoso-sql',
      elasticPool: 'pool 1',
      webApp: 'contoso-green',
      webAppResourceGroup: 'web',
      webAppMode: 'create',
      appServicePlan: 'plan',
      endpoint: { name: 'second', type: 'azure' },
      backup: null,
      failoverGroup: null,
    });
    expect(config?.upgrade).toEqual({
      kind: 'command',
      databasesAtOnce: 8,
      command: { contoso: ['dotnet', 'ef', 'database', 'update'] },
      timeoutMs: 90_000,
    });
    expect(config?.health.versionFrom).toEqual({ kind: 'header', name: 'X-Version' });
    expect(config?.health.expectedStatus).toEqual([200, 204]);
    expect(config?.sqlLogin).toEqual({ user: 'upgrade', password: 'correct horse' });
  });

  test('for slot-swap needs no Traffic Manager', () => {
    const { config } = load(swapSample());
    expect(config?.switchMethod).toBe('slot-swap');
    expect(config?.trafficManager).toBeNull();
  });

  test('has slots in the order of the file, not of the alphabet', () => {
    const slots = sample().slots as Record<string, unknown>;
    const { config } = load({ ...sample(), slots: { zeta: slots.blue, alpha: slots.green } });
    expect(config?.slots.map((slot) => slot.name)).toEqual(['zeta', 'alpha']);
  });

  test('keeps the defaults for drain and script within a short max-read-only', () => {
    const { config } = load({ ...sample(), 'max-read-only': '2m' });
    expect(config?.drainTimeoutMs).toBe(120_000);
    expect(config?.upgrade.timeoutMs).toBe(120_000);
  });

  test.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('may have %s', (_, change) => {
    expect(load(change(stringify(sample()))).error).toBeNull();
  });
});

describe('a wrong file', () => {
  test('gets every error at once, each with its place', () => {
    const result = load(
      [
        'version: 1',
        'application: contoso',
        'slots:',
        '  blue: {resource-group: g, sql-servr: s1, web-app: {name: a1, mode: creat}}',
        '  green:',
        '    resource-group: g2',
        '    sql-server: s2.database.windows.net',
        '    web-app: a1',
        'databases: [contoso, Contoso, 12]',
        'traffic-manager: {resource-group: ct, profile: contoso, ttl: 30}',
        'upgrade: {scripts: [nothing/*.sql, db/*.sql], timeout: 45m}',
        'health: {expected-version: 2.0, interval: ten}',
        `freeze: {grace: "${variable('GRACE')}"}`,
        'max-readonly: 5m',
      ].join('\n'),
    );
    expect(result.error?.reason).toBe('config-invalid');
    expect(problemsOf(result)).toEqual([
      expect.stringMatching(/^4:9 slots\.blue\.sql-server: found nothing; allowed: a server name, or/),
      expect.stringMatching(
        /^4:29 slots\.blue\.sql-servr: found the unknown key .*Did you mean "sql-server"\?$/,
      ),
      expect.stringMatching(
        /^4:70 slots\.blue\.web-app\.mode: found "creat"; allowed: one of existing, create$/,
      ),
      expect.stringMatching(
        /^7:17 slots\.green\.sql-server: found "s2\.database\.windows\.net"; .*short name/,
      ),
      expect.stringMatching(/^8:14 slots\.green\.web-app: found the web app of slot "blue"/),
      expect.stringMatching(/^9:22 databases\[1\]: found "Contoso"; allowed: each database once/),
      expect.stringMatching(/^9:31 databases\[2\]: found the number 12; allowed: a database/),
      expect.stringMatching(/^10:18 traffic-manager\.public-name: found nothing/),
      expect.stringMatching(
        /^10:62 traffic-manager\.ttl: found the number 30; allowed: a duration .*e\.g\. 30s$/,
      ),
      expect.stringMatching(/^11:21 upgrade\.scripts\[0\]: found "nothing\/\*\.sql", which matches no file/),
      expect.stringMatching(/^11:56 upgrade\.timeout: found "45m"; allowed: at most max-read-only \(30m\)/),
      expect.stringMatching(
        /^12:28 health\.expected-version: found the number 2\.0; allowed: text .*in quotes/,
      ),
      expect.stringMatching(/^12:43 health\.interval: found "ten"; allowed: a duration/),
      expect.stringMatching(/^13:17 freeze\.grace: the environment variable GRACE is not set/),
      expect.stringMatching(/^14:1 max-readonly: found the unknown key .*Did you mean "max-read-only"\?$/),
    ]);
  });

  test('that is not there says what to do', () => {
    const options = {
      path: 'no.yml',
      topology: 'single-region',
      workspace: workspace(),
      environment: {},
      mask: () => undefined,
    } as const;
    expect(() => loadConfig(options)).toThrow(
      expect.objectContaining({
        reason: 'config-not-found',
        advice: expect.arrayContaining([expect.stringMatching(/checkout/)]),
      }),
    );
  });

  test.each([
    ['empty', '', /the file: found (?:nothing|an empty value)/],
    ['a list', '- 1', /the file: found a list; allowed: a mapping/],
    ['with a key twice', 'version: 1\nversion: 1', /^2:1 the file: Map keys must be unique/],
    ['with a tab for indentation', 'slots:\n\tblue: 1', /^2:1 the file: .*[Tt]ab/],
    [
      'with an unquoted variable in a flow',
      `sql-login: {user: u, password: ${variable('X')}}`,
      /in quotes: "\$\{NAME\}"/,
    ],
  ])('%s is told in words', (_, text, expected) => {
    const problems = problemsOf(load(text));
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });

  test('in another encoding is told', () => {
    const latin1 = Buffer.from('application: Caf\u00e9', 'latin1');
    expect(load(latin1).error?.message).toMatch(/UTF-8/);
  });

  test('with an alias bomb is refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(load(lines.join('\n')).error?.message).toMatch(/alias/i);
  });
});

describe('variables of the environment', () => {
  test('stand anywhere in a value, also for numbers and several in one', () => {
    let file = changed(sample(), 'health', {
      'expected-version': `${variable('MAJOR')}.${variable('MINOR')}`,
      consecutive: variable('TIMES'),
    });
    file = changed(file, 'slots.blue.sql-server', `contoso-sql-${variable('SLOT')}`);
    const { config } = load(file, { MAJOR: '2', MINOR: '10', TIMES: '5', SLOT: 'blue' });
    expect(config?.health).toMatchObject({ expectedVersion: '2.10', consecutive: 5 });
    expect(config?.slots[0].sqlServer).toBe('contoso-sql-blue');
  });

  test('are escaped by a second dollar sign', () => {
    const file = changed(sample(), 'upgrade.variables', { Price: `$${variable('AMOUNT')} $5` });
    expect(load(file).config?.upgrade).toMatchObject({ variables: { Price: `${variable('AMOUNT')} $5` } });
  });

  test('that are empty, or not closed, are errors', () => {
    const empty = load(changed(sample(), 'health.expected-version', variable('VERSION')), { VERSION: '' });
    expect(problemsOf(empty)).toEqual([
      expect.stringMatching(/health\.expected-version: .*VERSION is not set or empty/),
    ]);
    const open = load(changed(sample(), 'health.expected-version', 'v$'.concat('{VERSION')));
    expect(problemsOf(open)).toEqual([expect.stringMatching(/without a name/)]);
  });

  test('are masked where they look like secrets', () => {
    let file = changed(sample(), 'sql-login', { user: variable('SQL_USER'), password: variable('DB') });
    file = changed(file, 'upgrade.variables', { Key1: variable('SIGNING_TOKEN') });
    const { masked } = load(file, { SQL_USER: 'upgrade', DB: 'p@ss w0rd', SIGNING_TOKEN: 'abc123' });
    expect([...masked].sort()).toEqual(['abc123', 'p@ss w0rd']);
  });

  test('never show their values in an error', () => {
    let file = changed(sample(), 'databases', [variable('SECRET')]);
    file = changed(file, 'max-read-only', variable('SECRET'));
    const { error } = load(file, { SECRET: 'hunter2: a/b' });
    expect(error?.message).toMatch(/databases\[0\]: found the value of SECRET \(not shown\)/);
    expect(`${error?.message}${error?.advice.join()}`).not.toMatch(/hunter2/);
  });

  test('are the only way to give a password', () => {
    const result = load(changed(sample(), 'sql-login', { user: 'upgrade', password: 'hunter2' }));
    expect(problemsOf(result)).toEqual([
      expect.stringMatching(/sql-login\.password: found a password in clear text/),
    ]);
    expect(result.error?.message).not.toMatch(/hunter2/);
  });
});

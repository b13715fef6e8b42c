import { describe, expect, test } from '@jest/globals';
import { AzureError, SqlError } from '../../src/azure/errors.ts';
import { type Guard, runGuards } from '../../src/guards/guard.ts';
import { singleRegionGuards } from '../../src/guards/single-region.ts';
import { timeLeft } from '../../src/guards/time-left.ts';
import { upgradeScript } from '../../src/guards/upgrade-script.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { absent, config, databases, minutesAfterStart, server, site } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';
import { check, sqlAnswers, type World } from './world.ts';

describe('time-left', () => {
  tableOf(timeLeft, [
    { when: 'plenty', says: 'pass', telling: ['6 h', 'minted afresh'] },
    { when: 'just enough', world: { jobEndsAt: minutesAfterStart(35) }, says: 'pass' },
    {
      when: 'a minute short',
      world: { jobEndsAt: minutesAfterStart(34) },
      says: 'time-left-too-short',
      telling: ['34 min', '35 min'],
      advising: ['timeout-minutes'],
    },
    {
      when: 'the end of the job is not known',
      world: { jobEndsAt: null },
      says: 'not-knowable',
      telling: ['actions: read'],
    },
    {
      when: 'a credential that lapses in the window',
      world: { jobEndsAt: null, credentialExpiresAt: minutesAfterStart(20) },
      says: 'time-left-too-short',
      telling: ['20 min'],
      advising: ['id-token: write'],
    },
    {
      when: 'a credential that lasts',
      world: { credentialExpiresAt: minutesAfterStart(70) },
      says: 'pass',
      telling: ['1 h 10 min'],
    },
  ]);
});

describe('upgrade-script', () => {
  tableOf(upgradeScript, [
    {
      when: 'it can be read',
      says: 'pass',
      telling: ['contoso: ', '0 batches from 1 file', /sha256 d1d1d1d1d1d1$/],
    },
    {
      when: 'it cannot be parsed',
      world: {
        readScript: async () => {
          throw new UpgradeError('script-invalid', 'db/002.sql:7: GO;', {
            advice: ['Write GO alone on its line.'],
          });
        },
      },
      says: 'script-invalid',
      telling: ['db/002.sql:7'],
      advising: ['Write GO alone'],
    },
    {
      when: 'a command does the upgrade',
      world: {
        config: config({
          upgrade: {
            kind: 'command',
            databasesAtOnce: 1,
            command: { contoso: ['dotnet', 'ef'] },
            timeoutMs: 1,
          },
        }),
        readScript: async () => {
          throw new Error('must not be read');
        },
      },
      says: 'pass',
      telling: [/command dotnet; what it runs is not read beforehand$/],
    },
  ]);
});

describe('the list', () => {
  const methods = ['traffic-manager', 'slot-swap'] as const;
  const idsOf = (switchMethod: (typeof methods)[number]) =>
    singleRegionGuards(config({ switchMethod })).map((guard) => guard.id);

  test('has every guard once', () => {
    for (const method of methods) expect(new Set(idsOf(method)).size).toBe(idsOf(method).length);
  });

  test('has the guards of the profile only where there is one, and of the swap only where slots are swapped', () => {
    const profileGuards = ['priority-routing', 'same-region-endpoints', 'public-name'];
    expect(idsOf('traffic-manager')).toEqual(expect.arrayContaining(profileGuards));
    expect(idsOf('traffic-manager')).not.toContain('connection-string-travels');
    expect(idsOf('slot-swap')).toContain('connection-string-travels');
    for (const id of profileGuards) expect(idsOf('slot-swap')).not.toContain(id);
  });

  test.each([
    'prepare',
    'upgrade',
    'switch',
    'cleanup',
  ] as const)('passes before %s where all is in order', async (phase) => {
    for (const guard of singleRegionGuards(config()).filter((one) => one.phases.includes(phase))) {
      expect({ id: guard.id, ...(await check(guard, {}, phase)) }).toMatchObject({
        id: guard.id,
        kind: 'pass',
      });
    }
  });

  test('asks nothing that cannot be asked before there is a stage', async () => {
    const nothingYet: Partial<World> = {
      state: 'not-prepared',
      databases: databases({ links: [] }, absent),
      profile: null,
      resolution: { kind: 'no-such-name', chain: ['www.contoso.example', 'contoso.trafficmanager.net'] },
      sites: { production: site('blue'), stage: null },
      servers: { production: server('contoso-sql-blue'), stage: server('contoso-sql-green') },
    };
    for (const guard of singleRegionGuards(config()).filter((one) => one.phases.includes('prepare'))) {
      expect((await check(guard, nothingYet, 'prepare')).kind).not.toBe('fail');
    }
  });

  test.each([
    'prepare',
    'upgrade',
  ] as const)('before %s only one fails over a database whose name is misspelt', async (phase) => {
    const unknown = () =>
      new SqlError('Login failed', 'login', [
        { number: 18456, severity: 14, state: 1, line: 1, procedure: '', text: 'Login failed' },
      ]);
    const misspelt: Partial<World> = {
      state: 'unknown',
      databases: databases(absent, absent),
      sql: (_, database, query, region) =>
        database === 'master' ? sqlAnswers()('production', database, query, region) : unknown(),
    };
    const guards = singleRegionGuards(config()).filter((one) => one.phases.includes(phase));
    const failing = await Promise.all(
      guards.map(async (guard) => ((await check(guard, misspelt, phase)).kind === 'fail' ? [guard.id] : [])),
    );
    expect(failing.flat()).toEqual(['database-names']);
  });

  test('one that cannot ask stops nobody, and says what it was answered', async () => {
    const forbidden: Guard = {
      id: 'forbidden',
      title: 'Something that may not be read',
      phases: ['prepare'],
      check: async () => {
        throw new AzureError('not allowed', {
          status: 403,
          code: 'AuthorizationFailed',
          correlationId: null,
          outcomeUnknown: false,
        });
      },
    };
    const context = {} as Parameters<typeof runGuards>[1];
    const observed = {} as Parameters<typeof runGuards>[2];
    expect(await runGuards([forbidden], context, observed, 'prepare')).toMatchObject([
      { id: 'forbidden', verdict: 'not-knowable', reason: null, evidence: 'not allowed', advice: '' },
    ]);
    expect(await runGuards([forbidden], context, observed, 'switch')).toEqual([]);
  });
});

// (3) The stage database's own geo-secondary: what it is made of and like, what stands in its way, and when it has
// caught up: only where Resource Manager and both databases say so.
import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../src/azure/errors.ts';
import type { StepRun } from '../../src/engine/step.ts';
import { createSecondary, createStandbySecondary } from '../../src/steps/create-secondary.ts';
import { waitForStandbySeeding } from '../../src/steps/wait-for-seeding.ts';
import { config } from '../guards/parts.ts';
import { saying, TO_STAGE, TO_STANDBY, type World, world } from './chained-links.ts';
import { run } from './preparing.ts';

describe('is created', () => {
  test('of the stage database, in the backup region, as this tool', async () => {
    const { context, created } = world({ ...TO_STAGE });
    const step = createStandbySecondary(context);
    expect(await step.assess(run)).toMatchObject({ kind: 'to-do' });
    expect(await step.apply(run)).toEqual(['contoso created on contoso-sql-3 (Standard)']);
    expect(created).toEqual([
      {
        source: expect.objectContaining({ id: 'id of contoso on contoso-sql-2' }),
        target: { resourceGroup: 'contoso-green-dr', server: 'contoso-sql-3', database: 'contoso' },
        location: 'westeurope',
        elasticPoolId: null,
        tags: { 'rolling-upgrade-created-by': 'contoso' },
      },
    ]);
  });

  test("into the pool of its own server, where the backup's configuration names one", async () => {
    const { context, created } = world(
      { ...TO_STAGE },
      {
        stage: { elasticPool: 'pool-2' },
        standby: { elasticPool: 'pool-3' },
      },
    );
    await createStandbySecondary(context).apply(run);
    expect(created[0]?.elasticPoolId).toMatch(/servers\/contoso-sql-3\/elasticPools\/pool-3$/);
  });

  test('where its server is, as Azure tells it then: the run may have begun without an answer', async () => {
    const { context, created } = world({ ...TO_STAGE }, { standby: { elasticPool: 'pool-3' } });
    const { standby } = context.stage;
    const silent = standby && { ...standby, server: { ...standby.server, id: '/wrong', location: null } };
    await createStandbySecondary({ ...context, stage: { ...context.stage, standby: silent } }).apply(run);
    expect(created[0]?.location).toBe('westeurope');
    expect(created[0]?.elasticPoolId).toMatch(/servers\/contoso-sql-3\/elasticPools\/pool-3$/);
  });

  test('not on a server that is not there', async () => {
    const { context, created } = world({ ...TO_STAGE }, { gone: ['contoso-sql-3'] });
    const refused = createStandbySecondary(context).apply(run);
    await expect(refused).rejects.toMatchObject({ reason: 'resource-not-found' });
    expect(created).toEqual([]);
  });

  test('not again where it is linked to the stage database', async () => {
    const { context, created } = world({ ...TO_STAGE, ...TO_STANDBY });
    expect(await createStandbySecondary(context).assess(run)).toMatchObject({ kind: 'done' });
    expect(await createStandbySecondary(context).apply(run)).toEqual(['contoso: there already']);
    expect(created).toEqual([]);
  });

  test('not without the lock of this run, nor is the stage database', async () => {
    for (const step of [createSecondary, createStandbySecondary]) {
      const { context, created } = world(step === createSecondary ? {} : { ...TO_STAGE }, { lock: 'taken' });
      const refused = expect(step(context).apply(run)).rejects.toMatchObject({
        reason: 'locked-by-another-run',
      });
      await context.clock.advance(300_000);
      await refused;
      expect(created).toEqual([]);
    }
  });

  test('not while there is no stage database', async () => {
    expect(await createStandbySecondary(world({}).context).assess(run)).toMatchObject({ kind: 'later' });
  });

  test.each([
    ['arm', 'SEEDING'],
    ['contoso-sql-1', 'SEEDING'],
    ['contoso-sql-1', 'none'],
    ['contoso-sql-2', 'SEEDING'],
    ['contoso-sql-2', 'none'],
    ['contoso-sql-2', 'unreachable'],
  ])('not while the stage database has not caught up: %s %s', async (who, state) => {
    const { context } = world(saying(TO_STAGE, who, state));
    expect(await createStandbySecondary(context).assess(run)).toMatchObject({ kind: 'later' });
  });
});

describe('what stands in its way', () => {
  test('a database of that name is not deleted on a guess, and the command names its server', async () => {
    const { context } = world({ ...TO_STAGE }, { there: ['contoso-sql-3'] });
    expect(await createStandbySecondary(context).assess(run)).toMatchObject({
      kind: 'blocked',
      reason: 'database-in-the-way',
      message: expect.stringContaining('not linked to the stage database on contoso-sql-2'),
      advice: expect.arrayContaining([
        expect.stringContaining('az sql db delete -g contoso-green-dr -s contoso-sql-3 -n contoso'),
      ]),
    });
  });

  test.each([
    'SecurityAzureKeyVaultGeoChainError',
    'UnableToCreateGeoChain',
  ])('%s: Azure does not chain this database, and the variant that needs no chain is named', async (code) => {
    const { context } = world(
      { ...TO_STAGE },
      {
        create: () => Promise.reject(azureError(code)),
      },
    );
    await expect(createStandbySecondary(context).apply(run)).rejects.toMatchObject({
      reason: 'chaining-not-possible',
      advice: expect.arrayContaining([expect.stringContaining('after-termination')]),
    });
  });

  test("any other refusal is Azure's own", async () => {
    const refusal = azureError('ServerDtuQuotaExceeded');
    const { context } = world({ ...TO_STAGE }, { create: () => Promise.reject(refusal) });
    await expect(createStandbySecondary(context).apply(run)).rejects.toBe(refusal);
  });

  function azureError(code: string): AzureError {
    return new AzureError(code, { status: 400, code, correlationId: null, outcomeUnknown: false });
  }
});

describe('has caught up', () => {
  const both = { ...TO_STAGE, ...TO_STANDBY };

  test('where Resource Manager and both databases say so', async () => {
    expect(await waitForStandbySeeding(world({ ...both }).context).assess(run)).toEqual({
      kind: 'done',
      evidence: ['contoso: CATCH_UP on both sides, contoso-sql-2 and contoso-sql-3'],
    });
  });

  test.each([
    ['arm', 'SEEDING', 'contoso: SEEDING 100 %'],
    ['contoso-sql-2', 'SEEDING', 'contoso: contoso-sql-2 says SEEDING'],
    ['contoso-sql-2', 'none', 'contoso: contoso-sql-2 says no link'],
    ['contoso-sql-3', 'PENDING', 'contoso: contoso-sql-3 says PENDING'],
    ['contoso-sql-3', 'unreachable', 'contoso: contoso-sql-3 does not answer yet (no route to host)'],
  ])('but not where %s: %s', async (who, state, evidence) => {
    const { context } = world({ ...TO_STAGE, ...saying(TO_STANDBY, who, state) });
    expect(await waitForStandbySeeding(context).assess(run)).toEqual({
      kind: 'to-do',
      evidence: [evidence],
    });
  });

  test('nor before there is a link', async () => {
    expect(await waitForStandbySeeding(world({ ...TO_STAGE }).context).assess(run)).toMatchObject({
      kind: 'later',
    });
  });

  test('and is waited for until then', async () => {
    const { context, links } = world({ ...TO_STAGE, ...saying(TO_STANDBY, 'contoso-sql-3', 'SEEDING') });
    const said: string[] = [];
    const waiting = waitForStandbySeeding(context).apply({ ...run, progress: (line) => said.push(line) });
    let isOver = false;
    const over = waiting.then(() => {
      isOver = true;
    });
    await context.clock.advance(40_000);
    expect(isOver).toBe(false);
    Object.assign(links, TO_STANDBY);
    await context.clock.advance(15_000);
    await over;
    expect(await waiting).toEqual(['contoso: CATCH_UP on both sides, contoso-sql-2 and contoso-sql-3']);
    expect(said[0]).toContain('contoso-sql-3 says SEEDING');
  });

  const never = saying(TO_STANDBY, 'arm', 'SEEDING');

  test('in prepare a wait that is too long says that it goes on, and that production is not affected', async () => {
    const error = await givenUp(world({ ...TO_STAGE, ...never }));
    expect(error).toMatchObject({
      reason: 'seeding-not-complete',
      advice: [expect.stringContaining('Production is not affected')],
    });
  });

  test('in upgrade it does not: users were read-only for it', async () => {
    const context = { config: config({ standbyMode: 'after-termination' }) };
    const error = await givenUp(world({ ...never }, { context }));
    expect(error).toMatchObject({
      reason: 'seeding-not-complete',
      advice: [expect.stringContaining('read-only')],
    });
  });

  async function givenUp({ context }: World): Promise<unknown> {
    const waiting = waitForStandbySeeding(context).apply(run);
    const caught = waiting.catch((error: unknown) => error);
    await context.clock.advance(context.config.seedingTimeoutMs + 60_000);
    return caught;
  }
});

describe('a run that is stopped does not wait for an Azure that hangs', () => {
  const silent = { listLinks: () => new Promise<never>(() => {}) };
  const both = { ...TO_STAGE, ...TO_STANDBY };
  const deaf = () => {
    const { context } = world({ ...both });
    const azure = { ...context.azure, sql: { ...context.azure.sql, ...silent } };
    return { ...context, azure };
  };

  test.each([
    ['looking whether it may create', (stop: StepRun) => createStandbySecondary(deaf()).assess(stop)],
    ['creating', (stop: StepRun) => createStandbySecondary(deaf()).apply(stop)],
    ['looking how far it is', (stop: StepRun) => waitForStandbySeeding(deaf()).assess(stop)],
    ['waiting', (stop: StepRun) => waitForStandbySeeding(deaf()).apply(stop)],
    [
      'whose creation is never answered',
      (stop: StepRun) =>
        createStandbySecondary(world({ ...TO_STAGE }, { create: () => new Promise(() => {}) }).context).apply(
          stop,
        ),
    ],
  ])('%s', async (_, begin) => {
    const stop = new AbortController();
    const work = begin({ ...run, signal: stop.signal });
    const heard = expect(work).rejects.toThrow('the read-only limit');
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('the read-only limit'));
    await heard;
  });
});

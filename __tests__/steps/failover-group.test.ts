// After the switch the slot that users are on has a failover group again, where the configuration names one.
import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../src/azure/errors.ts';
import type { FailoverGroup, NewFailoverGroup, ServerRef } from '../../src/azure/ports.ts';
import type { Config } from '../../src/config/config.ts';
import { carryFailoverGroup } from '../../src/steps/failover-group.ts';
import { databaseInfo, server } from '../guards/parts.ts';
import { BLUE, beforeTheSwitch, GREEN, type Options, run } from './before-the-switch.ts';

const NAMED: Partial<Config> = {
  slots: [
    { ...BLUE, failoverGroup: 'contoso-fog-blue' },
    { ...GREEN, failoverGroup: 'contoso-fog-green' },
  ],
};
const idOf = (server: string) => `/servers/${server}/databases/contoso`;

function group(changes: Partial<FailoverGroup> = {}): FailoverGroup {
  return {
    name: 'contoso-fog-green',
    role: 'Primary',
    partnerServers: ['contoso-sql-3'],
    databaseIds: [idOf('contoso-sql-2')],
    policy: { failover: 'Manual', graceMinutes: null },
    ...changes,
  };
}

const V1_GROUP = group({
  name: 'contoso-fog-blue',
  partnerServers: ['contoso-sql-dr'],
  policy: { failover: 'Automatic', graceMinutes: 120 },
});

/** @param groups by server. */
function world(groups: Record<string, FailoverGroup[]>, options: Options = {}, failure?: Error) {
  const created: NewFailoverGroup[] = [];
  const sql = {
    listFailoverGroups: async ({ server }: ServerRef) => groups[server] ?? [],
    getServer: async ({ server: name }: ServerRef) => server(name, { id: `/now/servers/${name}` }),
    getDatabase: async ({ server }: ServerRef) => databaseInfo({ id: idOf(server) }),
    createFailoverGroup: async (asked: NewFailoverGroup) => {
      if (failure) throw failure;
      created.push(asked);
    },
  };
  const app = beforeTheSwitch({ config: NAMED, ...options, azure: { sql } });
  return { app, created };
}

describe('the group of the slot that users are on', () => {
  test('is made on its pair, with all databases, as V1 had it', async () => {
    const { app, created } = world({ 'contoso-sql-1': [V1_GROUP] });
    const step = carryFailoverGroup(app.context, 'stage');
    expect(await step.assess(run)).toMatchObject({ kind: 'to-do' });
    await app.ended(step.apply(run));
    expect(created).toEqual([
      expect.objectContaining({
        name: 'contoso-fog-green',
        server: { resourceGroup: 'contoso-green', server: 'contoso-sql-2' },
        // As Azure tells it then: the run may have begun without an answer about that server.
        partnerServerId: '/now/servers/contoso-sql-3',
        databaseIds: [idOf('contoso-sql-2')],
        policy: { failover: 'Automatic', graceMinutes: 120 },
        tags: { 'rolling-upgrade-created-by': 'contoso' },
      }),
    ]);
  });

  test("fails over by hand where V1 had none; another pair's group is no model", async () => {
    const other = group({ name: 'other', partnerServers: ['contoso-sql-9'], policy: V1_GROUP.policy });
    const { app, created } = world({ 'contoso-sql-1': [other] });
    const evidence = await app.ended(carryFailoverGroup(app.context, 'stage').apply(run));
    expect(created[0]?.policy).toEqual({ failover: 'Manual', graceMinutes: null });
    expect(evidence.join()).toContain('failover Manual (blue has no group to take the policy from');
  });

  test("once cleanup has deleted V1's, as another one on the new pair has it", async () => {
    const other = group({ name: 'contoso-fog-orders', policy: V1_GROUP.policy });
    const { app, created } = world({ 'contoso-sql-2': [other] }, { production: 'green' });
    const evidence = await app.ended(carryFailoverGroup(app.context, 'production').apply(run));
    expect(created[0]?.policy).toEqual(V1_GROUP.policy);
    expect(evidence.join()).toContain('as contoso-fog-orders has it');
  });

  test('is made by the run that finishes a switch as well, where that slot is production', async () => {
    const { app, created } = world({ 'contoso-sql-1': [V1_GROUP] }, { production: 'green' });
    await app.ended(carryFailoverGroup(app.context, 'production').apply(run));
    expect(created[0]).toMatchObject({ name: 'contoso-fog-green', policy: V1_GROUP.policy });
  });

  test('is done where it is there, and not made twice by a run that saw it late', async () => {
    const { app, created } = world({ 'contoso-sql-2': [group({ name: 'CONTOSO-FOG-GREEN' })] });
    const step = carryFailoverGroup(app.context, 'stage');
    expect(await step.assess(run)).toMatchObject({ kind: 'done' });
    await app.ended(step.apply(run));
    expect(created).toEqual([]);
  });

  test('is not asked for where the configuration names none', async () => {
    const { app } = world({}, { config: {} });
    expect(await carryFailoverGroup(app.context, 'stage').assess(run)).toMatchObject({ kind: 'done' });
  });

  test.each<[string, Partial<FailoverGroup>, string]>([
    ['another partner', { partnerServers: ['contoso-sql-dr'] }, 'contoso-sql-dr as its partner'],
    ['no database', { databaseIds: [] }, 'does not have contoso'],
    ['the other role', { role: 'Secondary' }, 'is Secondary there'],
  ])('that exists with %s protects nobody', async (_what, changes, why) => {
    const { app } = world({ 'contoso-sql-2': [group(changes)] });
    expect(await carryFailoverGroup(app.context, 'stage').assess(run)).toMatchObject({
      kind: 'blocked',
      reason: 'failover-group-member',
      message: expect.stringContaining(why),
    });
  });
});

test('a group that cannot be made does not read as a switch that failed', async () => {
  const taken = new AzureError('the name is taken', {
    status: 409,
    code: 'FailoverGroupAlreadyExists',
    correlationId: null,
    outcomeUnknown: false,
  });
  const { app } = world({}, {}, taken);
  await expect(app.ended(carryFailoverGroup(app.context, 'stage').apply(run))).rejects.toMatchObject({
    reason: 'azure-error',
    message: expect.stringMatching(/^Users are on V2 \(green\), the switch is done; .*the name is taken/),
    advice: expect.arrayContaining([expect.stringContaining('Run phase switch again')]),
    cause: taken,
  });
});

test('groups that cannot be read are read again when it is made', async () => {
  const { app } = world({});
  const silent = new AzureError('no answer', {
    status: null,
    code: null,
    correlationId: null,
    outcomeUnknown: true,
  });
  Object.assign(app.context.azure.sql, {
    listFailoverGroups: async () => {
      throw silent;
    },
  });
  const step = carryFailoverGroup(app.context, 'stage');
  expect(await step.assess(run)).toMatchObject({ kind: 'to-do' });
  await expect(app.ended(step.apply(run))).rejects.toMatchObject({
    message: expect.stringContaining('Users are on V2'),
  });
});

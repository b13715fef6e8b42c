import { describe, expect, test } from '@jest/globals';
import { SqlError } from '../../src/azure/errors.ts';
import type { SqlRow } from '../../src/azure/ports.ts';
import type { FreezeMethod } from '../../src/config/config.ts';
import { fenceBindsSessions, fenceGuards, fencePossible } from '../../src/guards/fence-possible.ts';
import { config } from './parts.ts';
import { check, type World } from './world.ts';

interface Answers {
  readonly obstacles?: readonly SqlRow[];
  readonly unbound?: readonly SqlRow[];
  readonly holders?: readonly SqlRow[] | SqlError;
}

function world(answers: Answers, freezeMethod: FreezeMethod = 'deny-writes'): Partial<World> {
  return {
    config: config({ freezeMethod }),
    sql: (_role, _database, query) => {
      if (query.includes('application-role')) return [...(answers.obstacles ?? [])];
      if (query.includes('dm_tran_database_transactions')) {
        const holders = answers.holders ?? [];
        return holders instanceof SqlError ? holders : [...holders];
      }
      if (query.includes('authenticating_database_id')) return [...(answers.unbound ?? [])];
      throw new Error(`a query no guard sends: ${query}`);
    },
  };
}

const ADMINISTRATOR = {
  session_id: 57,
  login_name: 'sqladmin',
  program_name: 'SQL Server Management Studio',
  host_name: 'LAPTOP',
};

describe('whether writing can be denied to everybody', () => {
  test('nothing is asked where production is set read-only', () => {
    expect(fenceGuards({ freezeMethod: 'read-only' })).toEqual([]);
    expect(fenceGuards({ freezeMethod: 'auto' })).toHaveLength(2);
  });

  test('passes where nobody stands in the way', async () => {
    expect(await check(fencePossible, world({}))).toMatchObject({ kind: 'pass' });
    expect(await check(fenceBindsSessions, world({}))).toMatchObject({ kind: 'pass' });
  });

  test.each([
    [{ kind: 'owner', name: 'sales', objects: 3 }, 'sales owns 3 objects', 'ALTER AUTHORIZATION'],
    [
      { kind: 'application-role', name: 'till', objects: 0 },
      'till is an application role',
      'application roles',
    ],
    [{ kind: 'guest', name: 'guest', objects: 0 }, 'guest may connect', 'REVOKE CONNECT FROM guest;'],
    [
      { kind: 'column-grant', name: 'clerk', objects: 0 },
      'clerk was granted UPDATE on a column',
      'table or schema',
    ],
    [
      { kind: 'memory-optimized', name: 'Carts', objects: 0 },
      'table Carts is memory-optimized',
      'freeze.method: read-only',
    ],
    [
      { kind: 'right', name: 'KILL DATABASE CONNECTION', objects: 0 },
      'KILL DATABASE CONNECTION is not granted',
      'db_owner',
    ],
  ])('%o is told by name, with what to do', async (row, words, advice) => {
    const verdict = await check(fencePossible, world({ obstacles: [row] }));
    expect(verdict).toMatchObject({
      kind: 'fail',
      reason: 'fence-not-possible',
      evidence: expect.stringContaining(words),
      advice: expect.stringContaining(advice),
    });
  });

  test('writers that the service objective does not show stand in the way', async () => {
    const holders = new SqlError('VIEW SERVER STATE permission was denied', 'server', []);
    expect(await check(fencePossible, world({ holders }))).toMatchObject({
      reason: 'fence-not-possible',
      evidence: expect.stringContaining('VIEW SERVER STATE permission was denied'),
      advice: expect.stringContaining('##MS_ServerStateReader##'),
    });
  });

  test('a session that is not bound is named before the upgrade, and does not stand in the way of prepare', async () => {
    expect(await check(fenceBindsSessions, world({ unbound: [ADMINISTRATOR] }))).toMatchObject({
      reason: 'fence-not-possible',
      evidence: expect.stringContaining('session 57 (sqladmin, SQL Server Management Studio, LAPTOP)'),
    });
    expect(fenceBindsSessions.phases).toEqual(['upgrade']);
  });

  test('with auto it is told and stops nothing: SET READ_ONLY may do', async () => {
    const obstacles = [{ kind: 'guest', name: 'guest', objects: 0 }];
    expect(await check(fencePossible, world({ obstacles }, 'auto'))).toMatchObject({
      kind: 'not-knowable',
      evidence: expect.stringContaining('1468'),
    });
  });
});

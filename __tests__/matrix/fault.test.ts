// What the fault matrix is made of: calls told apart by their names, and the table of what may become of a run.
import { describe, expect, test } from '@jest/globals';
import type { Result, RunReport } from '../../src/engine/report.ts';
import type { ReasonCode } from '../../src/reasons.ts';
import { CALL_KINDS, type CallKind, kindOfCall } from './call-kinds.ts';
import { conditionCases } from './condition.ts';
import { faultCases } from './fault.ts';
import { wrongWithResult } from './fault-results.ts';
import { CALL_FAULTS, type CallFault } from './faults-of-calls.ts';
import type { Point } from './recording.ts';
import type { Journey, WorldKind } from './world.ts';

const DELETE_LINK =
  'arm DELETE /subscriptions/*/servers/contoso-sql-blue/databases/contoso/replicationLinks/*';
const JOURNAL =
  'sql batch contoso-sql-green/contoso IF EXISTS (SELECT 1 FROM sys.extended_properties WHERE class = 0';

test.each<[string, boolean, CallKind | null]>([
  ['arm GET /subscriptions/*/trafficManagerProfiles/contoso', false, 'arm-read'],
  ['arm PUT /subscriptions/*/trafficManagerProfiles/contoso', true, 'arm-write'],
  [DELETE_LINK, true, 'arm-write'],
  ['arm PUT /subscriptions/*/servers/contoso-sql-green/databases/contoso', true, 'arm-operation'],
  ['arm POST /subscriptions/*/sites/contoso/slotsswap', true, 'arm-swap'],
  ['arm POST /subscriptions/*/sites/contoso/config/appsettings/list', false, 'arm-read'],
  ['entra token', false, 'entra'],
  ['entra discovery', false, 'entra-discovery'],
  ['github oidc', false, 'oidc'],
  ['sql login contoso-sql-blue/contoso', false, 'sql-login'],
  ['sql batch contoso-sql-blue/contoso SELECT name, sid FROM sys.database_principals', false, 'sql-read'],
  [JOURNAL, true, 'sql-write'],
  ['sql batch contoso-sql-blue/contoso ALTER DATABASE [contoso] SET READ_ONLY', true, 'sql-alter'],
  [
    'sql batch contoso-sql-1/contoso SET XACT_ABORT ON; SET NOCOUNT ON; DECLARE @statements nvarchar(max); BEGIN TRANSACTION;',
    true,
    'sql-write',
  ],
  [
    'sql batch contoso-sql-green/contoso SET XACT_ABORT ON; SET NOCOUNT ON; UPDATE t SET a = 1',
    true,
    'sql-script',
  ],
  ['sql batch contoso-sql-green/contoso -- Version 2 of orders. SET XACT_ABORT ON;', false, 'sql-script'],
  ['sql batch contoso-sql-green/contoso CREATE OR ALTER VIEW [dbo].[Totals] AS SELECT 1', true, 'sql-script'],
  ['sql batch contoso-sql-green/contoso SELECT @@TRANCOUNT AS open_transactions;', false, 'sql-script-end'],
  ['sql batch contoso-sql-blue/contoso INSERT INTO [dbo].[Orders] ([Id]) VALUES (@id)', true, null],
  ['site contoso-blue GET /health', false, null],
])('%s', (call, isWrite, kind) => {
  expect(kindOfCall({ call, isWrite })).toBe(kind);
});

test('every kind of call has faults, and every fault has calls', () => {
  expect(new Set(CALL_FAULTS.flatMap(({ on }) => on))).toEqual(new Set(CALL_KINDS));
  expect(CALL_FAULTS.filter(({ on }) => on.length === 0)).toEqual([]);
});

describe('what may become of it', () => {
  const fault = (name: string, call: CallKind): CallFault => {
    const found = CALL_FAULTS.find((one) => one.name === name && one.on.includes(call));
    if (!found) throw new Error(`no fault ${name} of ${call}`);
    return found;
  };
  const report = (result: Result, reasonCode: ReasonCode | null) =>
    ({ result, reasonCode, verdict: { headline: 'so it was', next: [] } }) as unknown as RunReport;
  const wrong = (name: string, call: CallKind, result: Result, reason: ReasonCode | null, lasting = false) =>
    wrongWithResult({ call, fault: fault(name, call), lasting }, report(result, reason));

  test('what passes is ridden out', () => {
    expect(wrong('40613', 'sql-read', 'succeeded', null)).toEqual([]);
    expect(wrong('40613', 'sql-read', 'rolled-back', 'azure-error')).toHaveLength(1);
    expect(wrong('40613', 'sql-read', 'rolled-back', 'azure-error', true)).toEqual([]);
  });

  test("a script's batch never is", () => {
    expect(wrong('1205', 'sql-script', 'rolled-back', 'script-failed')).toEqual([]);
    expect(wrong('1205', 'sql-script', 'succeeded', null)).toHaveLength(1);
  });

  test('its last question is asked again, and is lost with its session', () => {
    expect(wrong('40197', 'sql-script-end', 'succeeded', null)).toEqual([]);
    expect(wrong('40197', 'sql-script-end', 'rolled-back', 'script-failed')).toEqual([]);
    expect(wrong('1205', 'sql-script-end', 'rolled-back', 'script-failed')).toHaveLength(1);
  });

  test('who stops says why, and never that it does not know', () => {
    expect(wrong('403', 'arm-write', 'rolled-back', 'azure-permission-missing')).toEqual([]);
    expect(wrong('403', 'arm-write', 'rolled-back', 'switch-failed')).toHaveLength(1);
    expect(wrong('500', 'arm-read', 'refused', 'internal-error', true)).toHaveLength(1);
  });
});

describe('cases', () => {
  const kind: WorldKind = {
    name: 'single-region',
    journeys: [],
    start: () => Promise.reject(new Error('nobody starts it here')),
  };
  const journey: Journey = { name: 'upgrade, switch', before: [], inputs: {}, rollback: {} };
  const look = (nth: number): Point => ({ call: 'arm GET /a', nth, isWrite: false });
  const write = (nth: number): Point => ({ call: JOURNAL, nth, isWrite: true });

  test('every write, and what only looks at its first and its last; no two of one name', () => {
    const ids = faultCases(kind, journey, [look(1), look(2), look(3), write(1), write(2), write(3)]).map(
      ({ id }) => id,
    );
    expect(new Set(ids).size).toBe(ids.length);
    const points = new Set(ids.map((id) => id.split('|')[3]?.slice(-2)));
    expect(points).toEqual(new Set(['#1', '#2', '#3']));
    expect(ids.some((id) => id.includes('arm GET /a#2'))).toBe(false);
  });

  test('lasting conditions are of runs through the read-only window', () => {
    const script: Point = {
      call: 'sql batch contoso-sql-green/contoso CREATE TABLE t',
      nth: 1,
      isWrite: true,
    };
    expect(conditionCases(kind, journey, [script]).length).toBeGreaterThan(10);
    expect(conditionCases(kind, { ...journey, name: 'prepare' }, [script])).toEqual([]);
    expect(conditionCases(kind, journey, [look(1)])).toEqual([]);
  });
});

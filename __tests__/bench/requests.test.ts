import { expect, test } from '@jest/globals';
import { keepTally, NOTHING, plus, tallyOf } from '../../bench/requests/tally.ts';
import { createFaults } from '../../local-azure/faults.ts';

test.each([
  ['arm GET /subscriptions/1/x', { armReads: 1 }],
  ['arm HEAD /subscriptions/1/x', { armReads: 1 }],
  ['arm POST /subscriptions/1/sites/x/config/appsettings/list', { armActions: 1 }],
  ['arm PUT /subscriptions/1/x', { armWrites: 1 }],
  ['arm PATCH /subscriptions/1/x', { armWrites: 1 }],
  ['arm DELETE /subscriptions/1/x', { armWrites: 1 }],
  ['sql login blue/contoso', { sqlLogins: 1 }],
  ['sql batch blue/contoso SELECT 1', { sqlBatches: 1 }],
  ['sql batch blue/contoso INSERT INTO [dbo].[Orders] ([Id]) VALUES (@id)', {}],
  ['entra token', {}],
  ['dns www.contoso.example', {}],
  ['site contoso-blue GET /health', {}],
])('%s', (call, counted) => {
  expect(tallyOf(call)).toEqual({ ...NOTHING, ...counted });
});

test('tallies are added and taken away', () => {
  const one = { armReads: 1, armActions: 2, armWrites: 3, sqlLogins: 4, sqlBatches: 5 };
  expect(plus(one, one)).toEqual({ armReads: 2, armActions: 4, armWrites: 6, sqlLogins: 8, sqlBatches: 10 });
  expect(plus(one, one, -1)).toEqual(NOTHING);
});

test('only what came meanwhile is counted, and no login of a site', async () => {
  const faults = createFaults();
  let newest = 'contoso-admin';
  const keeper = keepTally({ faults, newestLogin: () => newest });
  const logIn = () => {
    faults.take('sql login blue/contoso');
    faults.answered('sql login blue/contoso');
    faults.take('sql batch blue/contoso set ansi_nulls on');
  };
  logIn();
  const counted = await keeper.during(async () => {
    logIn();
    newest = 'contoso-app';
    logIn();
    faults.take('arm GET /x');
  });
  expect(counted).toEqual({ ...NOTHING, armReads: 1, sqlLogins: 1, sqlBatches: 1 });
});

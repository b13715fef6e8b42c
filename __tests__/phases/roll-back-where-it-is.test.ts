// A failover while a run gives production back: it is given back where it is then, in the same run.
import { expect, test } from '@jest/globals';
import { createRecorder } from '../../src/engine/recorder.ts';
import { rollBackWhereItIs } from '../../src/phases/roll-back-where-it-is.ts';
import { geoRedundant } from '../../src/topologies/geo-redundant.ts';
import { databaseInfo, link } from '../guards/parts.ts';
import { type BeforeTheSwitch, beforeTheSwitch, primaryTo, secondaryOf } from '../steps/before-the-switch.ts';

/** @param role of contoso-sql-dr, as Resource Manager tells it; null where it does not answer. */
function frozen(role: 'Primary' | 'Secondary' | null): BeforeTheSwitch {
  const answer = async <T>(value: T) => (role === null ? Promise.reject(new Error('HTTP 503')) : value);
  const links = [link({ role: role ?? '', partnerServer: 'contoso-sql-1', partnerDatabase: 'contoso' })];
  const sql = { getDatabase: () => answer(databaseInfo()), listLinks: () => answer(links) };
  return beforeTheSwitch({ azure: { sql } });
}

async function giveBack({ context, clock, ended }: BeforeTheSwitch) {
  const recorder = createRecorder(clock, { started: () => {}, progress: () => {}, ended: () => {} });
  const acting = { context, topology: geoRedundant(context, null), recorder };
  const given = await ended(rollBackWhereItIs(acting, (topology) => topology.upgrade));
  return { ...given, states: recorder.rollback.map(({ state }) => state) };
}

test('the old server says that it is a geo-secondary: on the new one', async () => {
  const app = frozen('Primary');
  app.databases['1'].links = { dr: secondaryOf('dr') };
  app.databases.dr.links = { '1': primaryTo('1') };
  app.databases.dr.before = (text) => {
    if (text.includes('SET READ_WRITE')) app.databases.dr.readOnly = false;
  };
  const { back, failover, states } = await giveBack(app);
  expect(app.story).toEqual(['dr READ_WRITE', 'dr journal unfrozen']);
  expect(back).toMatchObject({ kind: 'rolled-back', changed: true });
  expect(failover).toMatchObject([{ reason: 'region-mismatch', message: expect.stringContaining('dr now') }]);
  expect(states.slice(0, 2)).toEqual(['undo-failed', 'undone']);
});

test('the old server is lost, and a person has failed over meanwhile: on the new one', async () => {
  const app = frozen('Primary');
  app.databases['1'].unreachable = true;
  app.databases.dr.links = { '1': primaryTo('1') };
  app.databases.dr.before = (text) => {
    if (text.includes('SET READ_WRITE')) app.databases.dr.readOnly = false;
  };
  const { back } = await giveBack(app);
  expect([back.kind, app.story]).toEqual(['rolled-back', ['dr READ_WRITE', 'dr journal unfrozen']]);
});

test.each([
  'Secondary',
  null,
] as const)('the old server is lost, the standby is %s: nothing but that is told', async (role) => {
  const app = frozen(role);
  app.databases['1'].unreachable = true;
  const { back, failover, states } = await giveBack(app);
  expect(back).toMatchObject({ kind: 'failed', errors: [{ reason: 'unfreeze-failed' }] });
  expect([failover, states, app.story]).toEqual([[], ['undo-failed'], []]);
});

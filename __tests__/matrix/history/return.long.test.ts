// The history check at work on the embedded Azure: it passes an upgrade that went well, and a confirmed return to V1.
import { afterEach, expect, test } from '@jest/globals';
import { startWatched, until, V1, V2, type Watched } from './history-fixture.ts';

let watched: Watched;
afterEach(() => watched?.close());

test('an upgrade that went well, and then a return to V1: only if it was confirmed, V2 may lose', async () => {
  watched = await startWatched();
  const { scenario, history, acknowledged } = watched;
  const { report } = await scenario.act({ phase: 'prepare, upgrade, switch' });
  expect(report.state).toBe('switched');
  await until(() => acknowledged(V2) > 2);
  const done = history.confirmed(1);
  const back = await scenario.act({ phase: 'rollback', confirm: 'lose-writes green' });
  done();
  expect([back.report.result, back.report.productionSlot]).toEqual(['succeeded', 'blue']);
  const before = acknowledged(V1);
  await until(() => acknowledged(V1) > before);
  expect(await history.check()).toEqual([]);
});

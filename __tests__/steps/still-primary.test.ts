// Production is failed over to its standby while it is frozen: what the upgrade froze is a geo-secondary by then, reads
// as read-only, and users write elsewhere.
import { expect, test } from '@jest/globals';
import { assertFrozen } from '../../src/steps/drain.ts';
import { announce, freeze, freezeProduction } from '../../src/steps/freeze.ts';
import { freezeV2 } from '../../src/steps/return-to-v1.ts';
import { unfreeze } from '../../src/steps/unfreeze.ts';
import { START } from '../guards/parts.ts';
import { frozenPair, linkRow, run } from './frozen-pair.ts';

const failedOver = () => ({ links: [linkRow('contoso-sql-dr', 'secondary', new Date(START))] });

test('nothing is drained from it, and nobody is sent to its copy', async () => {
  const app = frozenPair({ production: failedOver() });
  const [pair] = app.context.databases;
  if (!pair) throw new Error('no database');
  await expect(assertFrozen(app.context, pair)).rejects.toMatchObject({
    reason: 'region-mismatch',
    message: expect.stringContaining('contoso-sql-dr'),
  });
});

test('giving it back there is not tried for minutes: the way to the right one is told at once', async () => {
  const statements: string[] = [];
  const app = frozenPair({ production: failedOver() });
  app.production.before = (text) => void statements.push(text);
  const before = app.clock.now();
  await expect(app.ended(unfreeze(app.context).apply(run))).rejects.toMatchObject({
    reason: 'region-mismatch',
    advice: [expect.stringContaining('phase rollback')],
  });
  expect(app.clock.now() - before).toBeLessThan(5_000); // of the simulated clock
  expect(statements.filter((text) => text.includes('SET READ_WRITE'))).toEqual([]);
});

test('it is not taken for frozen, whatever moment of the freeze it was failed over at', async () => {
  const app = frozenPair({ production: failedOver() });
  const [pair] = app.context.databases;
  if (!pair) throw new Error('no database');
  const elsewhere = { reason: 'region-mismatch', message: expect.stringContaining('contoso-sql-dr') };
  expect(await freezeProduction(app.context).assess(run)).toMatchObject({ kind: 'blocked', ...elsewhere });
  await expect(app.ended(announce(app.context, pair, 'u1'))).rejects.toMatchObject(elsewhere);
  await expect(app.ended(freeze(app.context, pair, run.signal))).rejects.toMatchObject(elsewhere);
  await expect(app.ended(freezeV2(app.context).apply(run))).rejects.toMatchObject(elsewhere);
});

test('its own geo-secondaries do not make it one', async () => {
  const app = frozenPair({ production: { links: [linkRow('contoso-sql-dr', 'primary', new Date(START))] } });
  await app.ended(unfreeze(app.context).apply(run));
  expect(app.production.mode).toBe('READ_WRITE');
});

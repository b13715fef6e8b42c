import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Client, createFixture, DATABASE, type Fixture } from './fixture.ts';
import { settled } from './simulated-clock.ts';

let fixture: Fixture;
let first: Client;
let second: Client;
beforeEach(async () => {
  fixture = createFixture();
  first = await fixture.login();
  second = await fixture.login();
});
afterEach(() => fixture.close());

const get = (mode: string, owner: string, timeout: number | string) =>
  `DECLARE @c int; EXEC @c = sp_getapplock @Resource = N'run', @LockMode = N'${mode}', @LockOwner = N'${owner}', @LockTimeout = ${timeout}; SELECT @c AS c`;
const RELEASE = "DECLARE @c int; EXEC @c = sp_releaseapplock N'run', N'Session'; SELECT @c AS c";
const MODE = "SELECT APPLOCK_MODE(N'public', N'run', N'Session') AS m";

test('an exclusive lock is granted once: 0, and -1 after the timeout', async () => {
  expect(await first.value(get('Exclusive', 'Session', 0))).toBe(0);
  expect(await second.value(get('Exclusive', 'Session', 0))).toBe(-1);
  expect(await first.value(MODE)).toBe('Exclusive');
  expect(await second.value(MODE)).toBe('NoLock');
  const waiting = second.value(get('Shared', 'Session', 5000));
  await fixture.clock.advance(5000);
  expect(await waiting).toBe(-1);
});

test('a waiter gets it when it is released (1), or when its holder goes', async () => {
  await first.run(get('Exclusive', 'Session', 0));
  const waiting = second.value(get('Exclusive', 'Session', -1));
  await settled();
  expect(await first.value(RELEASE)).toBe(0);
  expect(await waiting).toBe(1);
  const third = await fixture.login();
  const next = third.value(get('Exclusive', 'Session', -1));
  await settled();
  second.close();
  expect(await next).toBe(1);
});

test('taken twice it must be released twice; releasing what one does not hold answers -999', async () => {
  await first.run(get('Exclusive', 'Session', 0));
  await first.run(get('Exclusive', 'Session', 0));
  await first.run(RELEASE);
  expect(await second.value(get('Exclusive', 'Session', 0))).toBe(-1);
  await first.run(RELEASE);
  expect(await second.value(get('Exclusive', 'Session', 0))).toBe(0);
  expect(await first.value(RELEASE)).toBe(-999);
});

test('shared locks go together, exclusive ones wait for all of them', async () => {
  expect(await first.value(get('Shared', 'Session', 0))).toBe(0);
  expect(await second.value(get('Shared', 'Session', 0))).toBe(0);
  const third = await fixture.login();
  expect(await third.value(get('Exclusive', 'Session', 0))).toBe(-1);
});

test('a transaction’s lock ends with it, and needs one', async () => {
  expect((await first.run(get('Exclusive', 'Transaction', 0))).rows).toEqual([{ c: -999 }]);
  await first.run(`BEGIN TRAN; ${get('Exclusive', 'Transaction', 0)}`);
  expect(await second.value(get('Exclusive', 'Session', 0))).toBe(-1);
  await first.run('COMMIT');
  expect(await second.value(get('Exclusive', 'Session', 0))).toBe(0);
});

test('an attention ends the wait', async () => {
  await first.run(get('Exclusive', 'Session', 0));
  const attention = new AbortController();
  const waiting = second.run(get('Exclusive', 'Session', -1), {}, attention.signal);
  await settled();
  attention.abort();
  await waiting;
  await first.run(RELEASE);
  expect(await first.value(get('Exclusive', 'Session', 0))).toBe(0);
});

test('the holder’s lock is lost when a freeze ends its session, and works in a frozen database', async () => {
  await first.run(get('Exclusive', 'Session', 0));
  await second.run(`ALTER DATABASE ${DATABASE} SET READ_ONLY WITH ROLLBACK IMMEDIATE`);
  expect(await second.value(get('Exclusive', 'Session', 0))).toBe(0);
});

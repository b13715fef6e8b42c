// In which order the databases of an application are frozen, and what is left as it was where one of them is not.
import { expect, test } from '@jest/globals';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { freezeProduction } from '../../src/steps/freeze.ts';
import { config } from '../guards/parts.ts';
import { type FrozenPair, frozenPair, run, type Side, sqlError } from './frozen-pair.ts';
import { sessionsWith } from './sessions-with.ts';

interface Application {
  readonly databases: Readonly<Record<string, Side>>;
  /** "contoso READ_ONLY", "billing journal" in the order in which they were sent. */
  readonly story: readonly string[];
  apply(signal?: AbortSignal): Promise<readonly string[]>;
}

/** Databases that take writes and are linked, each with so many sessions of others. */
function application(
  sessions: Readonly<Record<string, number>>,
  changes: Partial<UpgradeContext['config']> = {},
): Application {
  const story: string[] = [];
  const pairs = new Map<string, FrozenPair>();
  for (const [name, others] of Object.entries(sessions)) {
    const pair = frozenPair({ production: { mode: 'READ_WRITE', journal: null, others } });
    pair.production.before = (text) => {
      if (text.includes('sp_addextendedproperty')) story.push(`${name} journal`);
      if (text.includes('SET READ_ONLY')) story.push(`${name} READ_ONLY`);
    };
    pairs.set(name, pair);
  }
  const pairOf = (name: string): FrozenPair => {
    const pair = pairs.get(name);
    if (!pair) throw new Error(`no database ${name}`);
    return pair;
  };
  const [first] = pairs.values();
  if (!first) throw new Error('no database');
  const context: UpgradeContext = {
    ...first.context,
    config: { ...config(), ...changes },
    databases: [...pairs].flatMap(([name, { context: own }]) =>
      own.databases.map((pair) => ({ ...pair, name })),
    ),
    sessions: sessionsWith((target, use) => pairOf(target.database).context.sessions.on(target, use)),
  };
  return {
    databases: Object.fromEntries([...pairs].map(([name, { production }]) => [name, production])),
    story,
    apply: (signal = run.signal) =>
      first.ended(Promise.resolve(freezeProduction(context).apply({ ...run, signal }))),
  };
}

const readOnly = (story: readonly string[]) => story.filter((told) => told.endsWith('READ_ONLY'));

test('those with sessions are read-only before any other is announced', async () => {
  const app = application({ quiet: 0, busy: 3, idle: 1, empty: 0 });
  const evidence = await app.apply();
  expect(evidence.filter((line) => line.includes('READ_ONLY'))).toHaveLength(4);
  expect(Object.values(app.databases).map(({ mode }) => mode)).toEqual(Array(4).fill('READ_ONLY'));
  expect(readOnly(app.story)).toEqual([
    'busy READ_ONLY',
    'idle READ_ONLY',
    'quiet READ_ONLY',
    'empty READ_ONLY',
  ]);
  const firstQuiet = app.story.findIndex((told) => /^(?:quiet|empty)/.test(told));
  expect(app.story.slice(0, firstQuiet)).toEqual(
    expect.arrayContaining(['busy READ_ONLY', 'idle READ_ONLY']),
  );
});

test('where one of the first cannot be frozen, the others were neither announced nor frozen', async () => {
  const app = application({ quiet: 0, busy: 3 });
  const { busy, quiet } = app.databases;
  if (!busy || !quiet) throw new Error('no database');
  busy.before = (text) => {
    if (text.includes('SET READ_ONLY')) throw sqlError('server', 5011, 'User does not have permission');
  };
  await expect(app.apply()).rejects.toMatchObject({ reason: 'freeze-failed' });
  expect([quiet.mode, quiet.journal]).toEqual(['READ_WRITE', null]);
  expect(app.story.filter((told) => told.startsWith('quiet'))).toEqual([]);
});

test('asked to stop between the two groups, it freezes no more', async () => {
  const app = application({ quiet: 0, busy: 3 });
  const { busy, quiet } = app.databases;
  if (!busy || !quiet) throw new Error('no database');
  const stop = new AbortController();
  busy.before = (text) => {
    if (text.includes('SET READ_ONLY')) stop.abort();
  };
  await expect(app.apply(stop.signal)).rejects.toThrow();
  expect([quiet.mode, quiet.journal]).toEqual(['READ_WRITE', null]);
});

test.each([
  ['there is no grace', { freezeGraceSeconds: 0 }],
  ['writes are denied, which waits for nobody that is idle', { freezeMethod: 'deny-writes' }],
] as const)('where %s, nobody is asked who is connected', async (_, changes) => {
  const app = application({ quiet: 0, busy: 3 }, changes);
  let asked = 0;
  for (const side of Object.values(app.databases)) {
    side.before = (text) => {
      if (text.includes('AS others')) asked++;
    };
  }
  await app.apply().catch(() => {}); // the stand-in knows no fence
  expect(asked).toBe(0);
});

test('where sessions cannot be seen, all are frozen together', async () => {
  const app = application({ contoso: 2, billing: 0 });
  const { contoso } = app.databases;
  if (!contoso) throw new Error('no database');
  const before = contoso.before;
  contoso.before = (text, connection) => {
    if (text.includes('AS others'))
      throw sqlError('server', 300, 'VIEW DATABASE STATE permission was denied');
    return before(text, connection);
  };
  await app.apply();
  const announced = app.story.slice(0, 2).sort();
  expect(announced).toEqual(['billing journal', 'contoso journal']);
});

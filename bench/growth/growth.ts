// How the read-only window, the requests and the memory grow with the databases, the data and the script.
import type { Benchmark, Setting } from '../benchmark.ts';
import { growthNotes } from './growth-notes.ts';
import { growthTargets, requestTable, rest, variedTable, windowTable } from './growth-tables.ts';
import { type Application, type MeasuredUpgrade, upgradeOnce } from './one-upgrade.ts';

/** Enough scripts at a time for the window not to be their sum. */
const AT_ONCE = 50;
const SMALL: Application = { databases: 1, orders: 400, scriptSeconds: 1, atOnce: AT_ONCE };
const DATABASES = [1, 10, 100, 500] as const;
const ORDERS = [400, 4_000, 40_000] as const;
const LONG_SCRIPT_SECONDS = 30;
const SCRIPT_SECONDS = [1, LONG_SCRIPT_SECONDS] as const;
/** Each with a long script, and a place for every script. */
const WITH_CAPACITY: Application = {
  ...SMALL,
  databases: 100,
  scriptSeconds: LONG_SCRIPT_SECONDS,
  atOnce: 100,
};
/** A round of all of them takes minutes, and they hardly differ. */
const MOST_ROUNDS = 3;
/** The largest is there for its requests and its memory, which do not differ at all. */
const ONCE_FROM = 500;

export const growth: Benchmark = {
  id: 'growth',
  title: 'Growth',
  about: [
    `Upgrades of applications of 1, 10, 100 and 500 databases in a single region, ${AT_ONCE} scripts at a time (\`upgrade.databases-at-once\`), at the embedded Azure's typical latencies; seeding and changes of DNS are shortened, for they would hide what grows. Resource Manager takes as many requests as Azure documents (250 reads at once and 25 a second, 200 writes and deletes at once and 10 a second), and answers 429 to more.`,
    'The embedded Azure is another process on the same machine. What it takes itself of the processors (a real SQL engine, TLS, replication) is told beside what the action takes, for it makes the window of many databases longer than Azure would.',
  ],
  measure: async (setting) => {
    const rounds = new Map<number, MeasuredUpgrade[]>();
    const orders = new Map<string, MeasuredUpgrade[]>();
    const scripts = new Map<string, MeasuredUpgrade[]>();
    const capacity: MeasuredUpgrade[] = [];
    for (let round = 1; round <= Math.min(setting.rounds, MOST_ROUNDS); round++) {
      for (const databases of DATABASES) {
        if (databases >= ONCE_FROM && round > 1) continue;
        keep(rounds, databases, await measured({ ...SMALL, databases }, setting));
      }
      for (const rows of ORDERS)
        keep(orders, String(rows), await measured({ ...SMALL, orders: rows }, setting));
      for (const seconds of SCRIPT_SECONDS)
        keep(scripts, String(seconds), await measured({ ...SMALL, scriptSeconds: seconds }, setting));
      capacity.push(await measured(WITH_CAPACITY, setting));
    }
    const one = scripts.get(String(LONG_SCRIPT_SECONDS)) ?? [];
    const withCapacity = new Map([
      ['1', one],
      [String(WITH_CAPACITY.databases), capacity],
    ]);
    return {
      tables: [
        windowTable(rounds),
        requestTable(rounds),
        variedTable('Size of the data, one database', 'Orders', orders),
        variedTable('Length of the script, one database', 'Script waits, s', scripts),
        variedTable(
          `A script that waits ${LONG_SCRIPT_SECONDS} s in each database, all of them at a time`,
          'Databases',
          withCapacity,
        ),
      ],
      targets: growthTargets(rounds, { one, hundred: capacity }),
      notes: growthNotes(rounds),
    };
  },
};

async function measured(application: Application, setting: Setting): Promise<MeasuredUpgrade> {
  const upgrade = await upgradeOnce(application, setting);
  const { databases, orders } = application;
  setting.say(
    `${databases} databases, ${orders} orders: window ${upgrade.windowSeconds.toFixed(1)} s, of it not the script ${rest(upgrade).toFixed(1)} s`,
  );
  return upgrade;
}

function keep<Key>(map: Map<Key, MeasuredUpgrade[]>, key: Key, upgrade: MeasuredUpgrade): void {
  map.set(key, [...(map.get(key) ?? []), upgrade]);
}

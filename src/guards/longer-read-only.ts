import { type DatabasePair, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import { readDataSize } from '../azure/tsql/database-size.ts';
import { formatBytes, formatDuration } from '../engine/humane.ts';
import type { Guard, Verdict } from './guard.ts';
import { allOf, fail, notKnowable, pass } from './verdict.ts';

/** "Up to 500 GB an hour" under normal circumstances. Source: failover groups overview, initial seeding. */
const SEEDED_BYTES_PER_MS = 500e9 / 3_600_000;

/** `standby.mode: after-termination`: users are read-only while the stage's geo-secondary is seeded, and that is said yes to. */
export const longerReadOnly: Guard = {
  id: 'longer-read-only',
  title: "Users may be read-only for the seeding of the stage's geo-secondary",
  phases: ['upgrade'],
  check: async (context, observed) => {
    const maxSize = (name: string) =>
      observed.databases.find((one) => one.name === name)?.production.info?.maxSizeBytes ?? null;
    const seedings = await Promise.all(
      context.databases.map((pair) => seedingOf(context, pair, maxSize(pair.name))),
    );
    return allOf([...seedings.map((one) => withinLimit(context, one)), confirmed(context, seedings)]);
  },
};

/** Databases are seeded side by side. `bytes`: null where nothing tells. */
interface Seeding {
  readonly name: string;
  readonly bytes: number | null;
  /** `used`: what is there; `at-most`: only the limit of the database is known. */
  readonly known: 'used' | 'at-most';
}

async function seedingOf(
  context: UpgradeContext,
  pair: DatabasePair,
  maxSizeBytes: number | null,
): Promise<Seeding> {
  const used = await usedBytes(context, pair);
  if (used !== null) return { name: pair.name, bytes: used, known: 'used' };
  return { name: pair.name, bytes: maxSizeBytes, known: 'at-most' };
}

async function usedBytes(context: UpgradeContext, { name }: DatabasePair): Promise<number | null> {
  try {
    return await context.sessions.on(sqlTarget(context, 'production', name), readDataSize);
  } catch (error) {
    if (error instanceof SqlError) return null; // whether production can be asked is for other guards to say
    throw error;
  }
}

function withinLimit({ config }: UpgradeContext, seeding: Seeding): Verdict {
  if (seeding.bytes === null) return notKnowable(told(seeding));
  const limit = formatDuration(config.maxReadOnlyMs);
  if (durationOf(seeding.bytes) <= config.maxReadOnlyMs)
    return pass(`${told(seeding)}; max-read-only is ${limit}`);
  if (seeding.known === 'at-most') {
    return notKnowable(
      `${told(seeding)}, which would be longer than max-read-only (${limit}): the upgrade would go back`,
    );
  }
  return fail(
    'chaining-not-possible',
    `${told(seeding)}, longer than max-read-only (${limit}): the upgrade would only go back`,
    'Raise max-read-only (and timeout-minutes of the job) to what users can bear, or detach what keeps Azure from chaining and set standby.mode: chained.',
  );
}

function confirmed(context: UpgradeContext, seedings: readonly Seeding[]): Verdict {
  const expected = `longer-read-only ${context.stage.config.name}`;
  if (context.confirm.trim().toLowerCase() === expected.toLowerCase()) return pass(`confirmed: ${expected}`);
  const found = context.confirm === '' ? '' : `, found "${context.confirm}"`;
  return fail(
    'confirmation-missing',
    `users are read-only while the stage's geo-secondary is seeded, and that was not confirmed${found}: ${seedings.map(told).join('; ')}`,
    `Run upgrade with the input confirm: "${expected}"`,
  );
}

function told({ name, bytes, known }: Seeding): string {
  if (bytes === null) return `how large ${name} is, and so how long its seeding takes, is not known`;
  const size = known === 'used' ? formatBytes(bytes) : `at most ${formatBytes(bytes)}`;
  return `${name} (${size}) is seeded in ${known === 'used' ? 'about' : 'at most about'} ${formatDuration(durationOf(bytes))}, at 500 GB an hour`;
}

function durationOf(bytes: number): number {
  return bytes / SEEDED_BYTES_PER_MS;
}

// (1) The creation lasts as long as the seeding: how far it is has to be told meanwhile.
import { describe, expect, test } from '@jest/globals';
import type { ReplicationLink, SqlManagement } from '../../src/azure/ports.ts';
import { createSecondary } from '../../src/steps/create-secondary.ts';
import { databaseInfo, link, server } from '../guards/parts.ts';
import { type Servers, servers } from './two-servers.ts';

const START_MS = 10_000;
const SEEDING_MS = 600_000;

/** A secondary that is seeded in ten minutes; its link is there after ten seconds. */
function seeding(world: Servers, changes: Partial<SqlManagement> = {}): Servers['context'] {
  const { clock, context } = world;
  let begunAt: number | null = null;
  const links = (): ReplicationLink[] => {
    const since = begunAt === null ? 0 : clock.now() - begunAt;
    const percentComplete = (since / SEEDING_MS) * 100;
    return since < START_MS ? [] : [link({ state: 'SEEDING', percentComplete })];
  };
  const sql: Partial<SqlManagement> = {
    getServer: async ({ server: name }) => server(name),
    getDatabase: async ({ server: name }) => (name.endsWith('-blue') ? databaseInfo() : null),
    listLinks: async () => links(),
    createGeoSecondary: async (_secondary, onProgress) => {
      begunAt = clock.now();
      for (let at = 0; at < SEEDING_MS; at += 5_000) {
        onProgress('running');
        await clock.sleep(5_000);
      }
    },
    ...changes,
  };
  const trafficManager = { getProfile: async () => null };
  const azure = { ...context.azure, sql, trafficManager } as unknown as Servers['context']['azure'];
  return { ...context, azure };
}

async function created(changes: (world: Servers) => Partial<SqlManagement> = () => ({})) {
  const world = servers({ production: 'blue', green: { exists: false } });
  const said: string[] = [];
  const signal = new AbortController().signal;
  const step = createSecondary(seeding(world, changes(world)));
  const outcome = step.apply({ signal, progress: (line) => said.push(line) }).then(
    (evidence) => evidence.join(),
    (error: unknown) => String(error),
  );
  await world.clock.advance(SEEDING_MS + 60_000);
  return { outcome: await outcome, said, sleepers: world.clock.sleepers() };
}

describe('while the secondary is created', () => {
  test('its link tells percent, rate and what is left, twice a minute at most', async () => {
    const { outcome, said, sleepers } = await created();
    expect(outcome).toMatch(/^contoso created on contoso-sql-green/);
    expect(said[0]).toBe('Seeding contoso: waiting, the link is not there yet');
    expect(said).toContainEqual(expect.stringMatching(/^Seeding contoso: [45]\d(\.\d)? %, .*left, SEEDING$/));
    expect(said.length).toBeGreaterThan(10);
    expect(said.length).toBeLessThanOrEqual(20);
    expect(sleepers).toBe(0);
  });

  test('a link that cannot be read does not end it', async () => {
    let asked = 0;
    const { outcome, said } = await created(() => ({
      listLinks: async () => {
        asked++;
        // The first look is the step's own.
        if (asked > 1) throw new Error('429 Too Many Requests');
        return [];
      },
    }));
    expect(outcome).toMatch(/^contoso created/);
    expect(asked).toBeGreaterThan(10);
    expect(said).toEqual([]);
  });

  test('its failure is told at once, although a look at the link hangs', async () => {
    let asked = 0;
    const { outcome, sleepers } = await created((world) => ({
      listLinks: () => (++asked > 1 ? new Promise(() => {}) : Promise.resolve([])),
      createGeoSecondary: async () => {
        await world.clock.sleep(20_000);
        throw new Error('quota exceeded');
      },
    }));
    expect(outcome).toBe('Error: quota exceeded');
    expect(asked).toBe(2);
    expect(sleepers).toBe(0);
  });

  test('it ends when link and databases say so, and does not wait for the operation to be asked again', async () => {
    let stopped = false;
    const { outcome, sleepers } = await created(({ clock, green, context }) => {
      const caughtUp = () => clock.now() - begun >= 60_000;
      const begun = clock.now();
      const { on } = context.sessions;
      // What either database says of the link; before that only the lock is asked for.
      const says = async () => ({ state: 'CATCH_UP' }) as never;
      context.sessions.on = (target, use) => (caughtUp() ? says() : on(target, use));
      return {
        getDatabase: async ({ server: name }) =>
          name.endsWith('-blue') || green.exists ? databaseInfo() : null,
        listLinks: async () => {
          green.exists ||= caughtUp();
          return clock.now() === begun ? [] : [link(caughtUp() ? {} : { state: 'SEEDING' })];
        },
        createGeoSecondary: (_secondary, _onProgress, signal) =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => {
              stopped = true;
              reject(signal.reason);
            });
          }),
      };
    });
    expect(outcome).toMatch(/^contoso created/);
    expect([stopped, sleepers]).toEqual([true, 0]);
  });
});

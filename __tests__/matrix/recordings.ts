// Recordings of every journey that is asked for; those of this very bundle are kept, for the next time.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from '../../tools/bundle-digest.ts';
import { found, type Route } from './enumerate.ts';
import type { Pool } from './pool.ts';
import type { Point } from './recording.ts';

export interface Recorded {
  readonly route: Route;
  readonly recording: readonly Point[];
}

export interface RecordingsOptions {
  readonly pool: Pool;
  /** Where they are kept. */
  readonly folder: string;
  readonly bundle: string;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

/** Records what is not kept. Throws where a journey does not end well by itself: nothing can be told of it then. */
export async function recordAll(
  routes: readonly Route[],
  { pool, folder, bundle, seed, tell }: RecordingsOptions,
): Promise<Recorded[]> {
  mkdirSync(folder, { recursive: true });
  const recorded = async (route: Route): Promise<Recorded> => {
    const { journey } = found(route);
    const what = JSON.stringify([bundle, route, journey.before, journey.inputs]);
    const file = join(folder, `${digest(what)}.json`);
    if (existsSync(file)) return { route, recording: JSON.parse(readFileSync(file, 'utf8')) };
    tell(`recording "${route.journey}" in ${route.world}`);
    const result = await pool.run({ kind: 'record', route, seed });
    if (result.kind !== 'recorded') {
      throw new Error(`"${route.journey}" in ${route.world} could not be recorded: ${whyOf(result)}`);
    }
    writeFileSync(file, JSON.stringify(result.recording));
    return { route, recording: result.recording };
  };
  const all = await Promise.all(routes.map(recorded));
  for (const { route, recording } of all) pool.learn(route, recording);
  return all;
}

const whyOf = (result: { kind: string; why?: string }) => result.why ?? result.kind;

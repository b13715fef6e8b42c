// Long work on every database, so many at a time: as many as the servers carry.
import type { DatabasePair, UpgradeContext, UpgradeLog } from '../application/upgrade-context.ts';
import type { StepRun } from '../engine/step.ts';

/**
 * Begins them in the order of the configuration. The first failure stops the others and lets none begin; nothing is under way any more when
 * it is thrown.
 */
export async function severalAtOnce<T>(
  { databases, config }: Pick<UpgradeContext, 'databases' | 'config'>,
  run: StepRun,
  act: (pair: DatabasePair, run: StepRun) => Promise<T>,
): Promise<T[]> {
  const failed = new AbortController();
  const failures: unknown[] = [];
  const signal = AbortSignal.any([run.signal, failed.signal]);
  const left = [...databases.entries()];
  const results: T[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next && failures.length === 0; next = left.shift()) {
      const [index, pair] = next;
      try {
        results[index] = await act(pair, { ...run, signal });
      } catch (error) {
        failures.push(error);
        failed.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: config.upgrade.databasesAtOnce }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** What one database's script or command says: a group that can be folded, or lines with its name where others speak too. */
export function speakingFor(
  { log, config }: Pick<UpgradeContext, 'log' | 'config'>,
  { name }: DatabasePair,
): UpgradeLog {
  if (config.upgrade.databasesAtOnce === 1) return log;
  return {
    line: (text) => log.line(text.startsWith(name) ? text : `${name}: ${text}`),
    warning: (text) => log.warning(text),
    group: (title) => log.line(title),
    endGroup: () => {},
  };
}

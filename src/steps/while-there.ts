// A database that somebody deletes while its version is waited for: the version will never answer, and for every minute of waiting
// users can only read, or have no database at all, and nobody is told.
import { forEachDatabase, type Role, type UpgradeContext } from '../application/upgrade-context.ts';
import type { StepRun } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';

/** The wait is mostly over before the first look. Milliseconds. */
const EVERY_MS = 5_000;

/** Does the work, and aborts it with 'resource-not-found' as soon as Azure does not know one of the slot's databases any more. */
export async function whileThere<T>(
  context: UpgradeContext,
  role: Role,
  run: StepRun,
  work: (watched: StepRun) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const over = new AbortController();
  const watching = watch(context, role, over.signal).catch((error: unknown) => gone.abort(error));
  try {
    return await work({ ...run, signal: AbortSignal.any([run.signal, gone.signal]) });
  } finally {
    over.abort();
    watching.catch(() => {}); // a look that is under way is not waited for
  }
}

async function watch(context: UpgradeContext, role: Role, over: AbortSignal): Promise<void> {
  for (;;) {
    await context.clock.sleep(EVERY_MS, over).catch(() => {});
    if (over.aborted) return;
    await forEachDatabase(context, (pair) => assertThere(context, role, pair[role]));
  }
}

type DatabaseOf = UpgradeContext['databases'][number][Role];

async function assertThere(context: UpgradeContext, role: Role, ref: DatabaseOf): Promise<void> {
  const info = await context.azure.sql.getDatabase(ref).catch((error: unknown) => {
    context.log.warning(`It could not be looked whether ${ref.database} is there: ${messageOf(error)}`);
    return 'not-known' as const;
  });
  if (info !== null) return;
  throw new UpgradeError(
    'resource-not-found',
    `The database of ${context[role].config.name} is not there any more: ${ref.database} on ${ref.server}. Somebody has deleted it`,
  );
}

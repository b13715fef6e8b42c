// At most one update is active at a time; a second one over it is taken only by who asks for that.
import { type Assessment, blocked } from '../../engine/step.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { UpdateRecord } from '../../service/update-record.ts';

/** The configuration asks for another version than the update that is in progress. */
export function anotherInProgress({ target }: ServiceContext, record: UpdateRecord): Assessment {
  const run = record.runUrl === null ? '' : ` (${record.runUrl})`;
  return blocked(
    'update-in-progress',
    `The update ${record.updateId} of ${target.what} has not come to its end; it was begun ${record.startedAt}${run}, and it is to another version than the configuration names`,
    'Go on with it: name its version in the configuration again, and run phase upgrade.',
    'Go back from it: run phase rollback; then prepare and upgrade to the new one.',
    'Write the new one over it: set walk.on-stuck to supersede, and run phase upgrade.',
  );
}

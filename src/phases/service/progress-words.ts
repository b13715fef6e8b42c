// Where the update stands, as the report says it: by what the instances run, and by what is written down.
import type { ServiceObservation } from '../../service/observe-service.ts';
import { NEW_VERSION, versionName } from './version-names.ts';

/**
 * In a sentence without a full stop.
 * @param usersOn of the two services of a swap, the one that users are on; null in place, and where Azure does not tell
 */
export function progressWords(observed: ServiceObservation, usersOn: string | null): string {
  const { state, progress, look } = observed;
  const words = state === 'prepared' ? preparedWords(observed) : progress.words;
  const [shown] = look.resources;
  if (usersOn === null || shown === undefined) return words;
  return usersOn === shown.name
    ? `users are on ${shown.name}, which is shown here: ${words}`
    : `users are on ${usersOn}; shown here is ${shown.name}, which they are not on: ${words}`;
}

function preparedWords({ spread, update }: ServiceObservation): string {
  const names = new Set(
    spread.domains.flatMap(({ instances }) =>
      instances.map((instance) => versionName(instance, 'target', update)),
    ),
  );
  const [name] = names;
  const to = names.size === 1 && name && name !== NEW_VERSION ? ` to ${name}` : '';
  return `an update${to} is prepared; no instance has it`;
}

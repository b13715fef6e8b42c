// Cleanup deletes what is proven to be V1's, and nothing else.
import type { DatabaseSide } from '../application/observe.ts';
import type { DatabaseRef } from '../azure/ports.ts';
import { shell } from '../engine/command-line.ts';
import { type Assessment, blocked } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

/**
 * Why a database stays. One that nothing proves to be V1's is left to a person; where a database with the proof does not
 * answer it may still be V1's, and nobody is told that it may go.
 * @param proof the databases that would say so.
 */
export function notProven(
  { resourceGroup, server, database }: DatabaseRef,
  proof: readonly DatabaseSide[],
): UpgradeError {
  const silent = proof.find(({ access }) => access === 'unreachable');
  if (silent) {
    return new UpgradeError(
      'azure-error',
      `${silent.ref.database} on ${silent.ref.server} could not be read, so it is not known whether ${database} on ${server} is V1's: ${silent.why}`,
      { advice: ['It was not deleted. Run phase cleanup again when it can be read.'] },
    );
  }
  return new UpgradeError(
    'database-in-the-way',
    `Nothing proves that ${database} on ${server} is the V1 of the upgrade that is in production`,
    {
      advice: [
        `If you know that nobody needs it: ${shell`az sql db delete -g ${resourceGroup} -s ${server} -n ${database}`}`,
      ],
    },
  );
}

/** The same of a step that is only looked at. */
export function blockedBy({ reason, message, advice }: UpgradeError): Assessment {
  return blocked(reason, message, ...advice);
}

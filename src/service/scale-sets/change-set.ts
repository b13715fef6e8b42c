// A write of a scale set that somebody else may write too: with the ETag of what was read, read again where it has
// changed meanwhile, waited where Azure is busy with it, read back where nobody knows what became of it.
import type { ComputeRef, ScaleSet, ScaleSetChange } from '../../azure/ports/compute.ts';
import { type Persistence, persist } from '../persist.ts';
import { readSet, type ScaleSetParts } from './parts.ts';

export interface SetWrite extends Persistence {
  readonly ref: ComputeRef;
  /** What is to be written, by what is there; null where nothing is. May throw. */
  change(set: ScaleSet): ScaleSetChange | null;
}

/**
 * Returns the set as it is then. Throws 'service-busy' where Azure, or somebody else, was at it all the time; else
 * AzureError.
 */
export async function changeSet(parts: ScaleSetParts, write: SetWrite): Promise<ScaleSet> {
  return persist(parts, write, async () => {
    const set = await readSet(parts, write.ref);
    const change = write.change(set);
    return change === null ? set : parts.compute.scaleSets.changeModel(set, change);
  });
}

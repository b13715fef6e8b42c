// What a step after the freeze would ask Resource Manager for, although it hardly ever changes, is read before the freeze, so
// that users do not wait for it. Whoever finds nothing here asks.
import type { Observation } from '../application/observe.ts';

/** Of one run of one topology. */
export interface ReadAhead {
  /** The application just before the freeze; null where this run did not make ready. */
  observed: Observation | null;
}

export const nothingRead = (): ReadAhead => ({ observed: null });

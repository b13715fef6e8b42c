// What somebody does in the middle of a run, and what of the laws is broken by that alone.
import type { ReasonCode } from '../../src/reasons.ts';
import type { Acted } from '../acceptance/scenario.ts';
import type { Place } from './interference-place.ts';

export interface Deed {
  /** As in ids of cases: "deletes the stage database". */
  readonly name: string;
  /** Throws what Azure answers where it does not let the person. Resolves with the other run where it was one. */
  do(place: Place): Promise<Acted | null>;
  /** What is wrong where the deed was undone by the tool, which it must not be; null where it stands or nothing forbids that. */
  readonly kept?: (place: Place) => string | null;
  /** What the person does after the run, by what it has told. */
  takeBack?(place: Place, acted: Acted): Promise<void>;
  /** Sentences of laws that the deed itself has broken, and that no tool could keep. */
  readonly excuses?: readonly RegExp[];
  /** The same where the run has ended red over it, with a reason code that says so. */
  readonly excusesWhereTold?: { readonly reason: ReasonCode; readonly excuses: readonly RegExp[] };
  /** The same where the journey gives the upgrade up. */
  readonly excusesOfWayBack?: readonly RegExp[];
  /** The same where the person acts while this call has been sent, and is not carried out yet. */
  readonly excusesWhileHeldUp?: { readonly call: RegExp; readonly excuses: readonly RegExp[] };
  /** The same where this call has been sent when the person acts, whether it is carried out or not. */
  readonly excusesOnceSent?: { readonly call: RegExp; readonly excuses: readonly RegExp[] };
  /** The same where the write that moves users had been sent when the person began. */
  readonly excusesOncePivoted?: readonly RegExp[];
}

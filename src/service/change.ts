// What an update changes, line by line: how it can be made, what becomes of data, and what it means for the way back.
import {
  ALLOWED_CHANGES,
  type ChangeClass,
  type ChangeKind,
  classOf,
  isAllowedBy,
} from './allowed-changes.ts';

export interface ServiceChange {
  /** Null for what is the service's as a whole. */
  readonly role: string | null;
  readonly kind: ChangeKind;
  readonly class: ChangeClass;
  /** "image 1.0.0 → 2.0.0"; never the value of a setting, which may be a secret. */
  readonly what: string;
  /** The rule behind the class. */
  readonly reason: string;
  readonly data: string;
  readonly wayBack: WayBack;
}

/** `doubtful`: possible by itself, and something outside can stand in its way; `none`: the platform refuses it. */
export interface WayBack {
  readonly kind: 'possible' | 'doubtful' | 'none';
  readonly words: string;
}

export function changeOf(
  role: string | null,
  kind: ChangeKind,
  what: string,
  { data = DATA_KEPT, wayBack = POSSIBLE }: { readonly data?: string; readonly wayBack?: WayBack } = {},
): ServiceChange {
  return { role, kind, class: classOf(kind), what, reason: ALLOWED_CHANGES[kind].rule, data, wayBack };
}

const DATA_KEPT = 'kept';
const POSSIBLE: WayBack = { kind: 'possible', words: 'the value before is written again' };

/** Those that cannot be made by this method. */
export function notAllowedBy(
  method: 'in-place' | 'swap',
  changes: readonly ServiceChange[],
): readonly ServiceChange[] {
  return changes.filter(({ kind }) => !isAllowedBy(kind, method));
}

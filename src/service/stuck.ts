// The article's stuck deployment: the minimum is missed, the time for it has passed, and nothing moves any more. It is
// unstuck by going back, or by a fresh update over the top.

import { formatDuration } from '../engine/humane.ts';
import { canonical } from './model-parts.ts';
import { type InstanceKey, keyOf, type RoleInstance } from './role-instance.ts';

export interface StuckLook {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The domain in flight. */
  readonly domain: number;
  /** Of all walked domains; these and no others can hold the walk up. */
  readonly instances: readonly RoleInstance[];
  /** Instances of the roles that miss their minimum which are not good; empty where no role does. */
  readonly missing: readonly InstanceKey[];
}

export interface StuckRules {
  /** How long the minimum may be missed. */
  readonly stuckAfterMs: number;
  /** In how many looks in a row nothing may have changed: at least 2, since one look shows no change. */
  readonly looks: number;
}

export interface Stuck {
  readonly domain: number;
  readonly instances: readonly InstanceKey[];
  /** Since when the minimum is missed. */
  readonly since: number;
  /** In a sentence, without a full stop. */
  readonly words: string;
}

/** @param looks at the walk of one domain or of several, oldest first. Null: not stuck, as far as they show. */
export function stuckOf(
  looks: readonly StuckLook[],
  { stuckAfterMs, looks: needed }: StuckRules,
): Stuck | null {
  const last = looks.at(-1);
  if (last === undefined) return null;
  const before = looks.findLastIndex(({ domain, missing }) => domain !== last.domain || missing.length === 0);
  const below = looks.slice(before + 1);
  const [first] = below;
  if (first === undefined || last.at - first.at < stuckAfterMs) return null;
  const recent = below.slice(-Math.max(2, needed));
  if (recent.length < Math.max(2, needed)) return null;
  if (new Set(recent.map(({ instances }) => fingerprint(instances))).size > 1) return null;
  const { domain, missing } = last;
  const words = `nothing has changed in ${recent.length} looks, and it is below its minimum for ${formatDuration(last.at - first.at)}`;
  return { domain, instances: missing, since: first.at, words };
}

/** What changes while something moves; the time at which an unchanged health was told again is no movement. */
function fingerprint(instances: readonly RoleInstance[]): string {
  const moving = instances.map((instance) => {
    const { healthAt: _, ...rest } = instance;
    return [keyOf(instance), canonical(rest)] as const;
  });
  return JSON.stringify(moving.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

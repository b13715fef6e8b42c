// What was under way between the freeze and the write of the profile, moment by moment, seen from outside: the same for all. Pure.
import { NOTHING, tallyOf } from '../requests/tally.ts';
import type { Call } from './calls.ts';
import type { Signs } from './measured-window.ts';

/** Where several are under way at one time, the first of these has the moment. */
export const KINDS = [
  'the script',
  'the write of the profile',
  'unlink',
  'stage read-write',
  'other requests to ARM',
  'SQL logins',
  'other SQL batches',
  'none of these: at work itself, or asking the stage site',
] as const;
export type Kind = (typeof KINDS)[number];
const NONE: Kind = KINDS[7];

/** Milliseconds of each kind; they add up to the span. */
export type Shares = Readonly<Record<Kind, number>>;

export function sharesOf(calls: readonly Call[], from: number, to: number, signs: Signs): Shares {
  const spans = calls.flatMap(({ name, begun, answered }) => {
    const kind = kindOf(name, signs);
    const end = Math.min(answered ?? to, to);
    return kind === null || end <= from || begun >= to ? [] : [{ kind, begun: Math.max(begun, from), end }];
  });
  const moments = [...new Set([from, to, ...spans.flatMap(({ begun, end }) => [begun, end])])].sort(
    (a, b) => a - b,
  );
  const shares: Record<Kind, number> = {
    'the script': 0,
    'the write of the profile': 0,
    unlink: 0,
    'stage read-write': 0,
    'other requests to ARM': 0,
    'SQL logins': 0,
    'other SQL batches': 0,
    'none of these: at work itself, or asking the stage site': 0,
  };
  for (const [index, begin] of moments.slice(0, -1).entries()) {
    const end = moments[index + 1] ?? begin;
    const underWay = new Set(
      spans.filter((span) => span.begun <= begin && span.end >= end).map(({ kind }) => kind),
    );
    const kind = KINDS.find((one) => underWay.has(one)) ?? NONE;
    shares[kind] += end - begin;
  }
  return shares;
}

/** Null for what nobody who upgrades has asked: sites and their users. */
function kindOf(name: string, { stage, scriptMark }: Signs): Kind | null {
  if (tallyOf(name) === NOTHING) return null;
  if (name.startsWith('arm ')) {
    if (/^arm (PUT|PATCH) .*\/trafficManagerProfiles\//i.test(name)) return 'the write of the profile';
    return /^arm DELETE .*\/replicationLinks\//i.test(name) ? 'unlink' : 'other requests to ARM';
  }
  if (name.startsWith('sql login ')) return 'SQL logins';
  if (!name.startsWith(`sql batch ${stage}/`)) return 'other SQL batches';
  if (name.includes(scriptMark)) return 'the script';
  return /ALTER DATABASE .*SET READ_WRITE/i.test(name) ? 'stage read-write' : 'other SQL batches';
}

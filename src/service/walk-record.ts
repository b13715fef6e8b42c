// What was walked, as a run writes it down, for services whose instances do not tell what they run (cloud services).
import type { InstanceVersion } from './versions.ts';

export interface RecordedWalk {
  readonly domain: number;
  readonly to: 'target' | 'previous';
  /** `begun` is written before the platform is asked, `done` after it has said that it is. */
  readonly state: 'begun' | 'done';
}

/** Oldest first; of several walks of one domain the last counts. */
export type WalkRecord = readonly RecordedWalk[];

const CODES = { target: 'T', previous: 'P' } as const;
const ENTRY = /^(\d+)([TP])(\??)$/;

/** What the instances of a domain run by the record: `unknown` where a walk was begun and perhaps not finished. */
export function recordedVersion(record: WalkRecord, domain: number): InstanceVersion {
  const last = record.findLast((walk) => walk.domain === domain);
  if (last === undefined) return 'previous';
  return last.state === 'done' ? last.to : 'unknown';
}

/** "0T 1T 2T?": what counts, in a text that fits into one tag (20 domains, 256 characters). */
export function writeWalkRecord(record: WalkRecord): string {
  const last = new Map(record.map((walk) => [walk.domain, walk]));
  return [...last.values()]
    .toSorted((one, other) => one.domain - other.domain)
    .map(({ domain, to, state }) => `${domain}${CODES[to]}${state === 'begun' ? '?' : ''}`)
    .join(' ');
}

/** Null for a text that is no record. */
export function readWalkRecord(text: string): WalkRecord | null {
  const entries = text.split(' ').filter((entry) => entry !== '');
  const walks = entries.map((entry): RecordedWalk | null => {
    const [, domain, code, open] = ENTRY.exec(entry) ?? [];
    if (domain === undefined) return null;
    return {
      domain: Number(domain),
      to: code === CODES.target ? 'target' : 'previous',
      state: open === '' ? 'done' : 'begun',
    };
  });
  const read = walks.filter((walk) => walk !== null);
  return read.length === walks.length ? read : null;
}

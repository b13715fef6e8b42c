// How the states of domains and the outcomes of their walks are named, everywhere the same.
import type { WalkedDomain } from '../../engine/service-report.ts';
import type { DomainTally } from './tally.ts';

type Words = readonly [mark: string, words: string];

export const DOMAIN_STATES: Readonly<Record<DomainTally['state'], Words>> = {
  updated: ['✅', 'updated'],
  'in-flight': ['🟡', 'in flight'],
  untouched: ['⬜', 'untouched'],
  returned: ['↩️', 'back as before'],
};

const WELL: readonly string[] = ['healthy', 'unknown', 'health not told'];

/** An instance that does not serve is never behind a green tick. */
export function domainState({ state, roles }: Pick<DomainTally, 'state' | 'roles'>): Words {
  const [mark, words] = DOMAIN_STATES[state];
  const isWell = roles.every(({ health }) => health.every((group) => WELL.includes(group.words)));
  return isWell || state === 'in-flight' ? [mark, words] : ['⚠️', `${words}, not healthy`];
}

export const OUTCOMES: Readonly<Record<WalkedDomain['outcome'], Words>> = {
  good: ['✅', 'good'],
  failed: ['❌', 'failed'],
  stuck: ['❌', 'stuck'],
  'start-timeout': ['❌', 'start timed out'],
  'cut-off': ['🟡', 'cut off'],
};

/** For a table cell: on one line. */
export function marked(words: Words): string {
  return words.join('\u00a0').replaceAll(' ', '\u00a0');
}

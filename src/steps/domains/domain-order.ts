// Which domains a run walks, and in which order: ascending, as the platform does, but what is down comes first, so that
// a fresh update over a stuck one takes no second domain down.

import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { domainsDown } from './domains-down.ts';
import { createWalkMemory } from './walk-track.ts';

export type WalkOrder =
  | {
      readonly kind: 'domains';
      readonly numbers: readonly number[];
      /** Whether every domain has the new version when these have. */
      readonly completes: boolean;
    }
  /** The domain that was asked for is none of the service's. */
  | { readonly kind: 'no-such-domain'; readonly asked: number };

export function walkOrder(context: ServiceContext, observed: ServiceObservation): WalkOrder {
  const all = allDomains(observed);
  const choice = context.domain ?? (context.config.walk.mode === 'manual' ? 'next' : null);
  const down = domainsDown(observed, createWalkMemory().forward, null).map(({ domain }) => domain);
  const order = [...down, ...all.filter((number) => !down.includes(number))];
  if (choice === null) return { kind: 'domains', numbers: order, completes: true };
  const updated = observed.isToBeWrittenOver
    ? []
    : observed.progress.domains.filter(({ state }) => state === 'updated');
  const left = order.filter((number) => !updated.some(({ domain }) => domain === number));
  const numbers = choice === 'next' ? left.slice(0, 1) : [choice];
  if (!numbers.every((number) => all.includes(number))) {
    return { kind: 'no-such-domain', asked: numbers[0] ?? 0 };
  }
  return { kind: 'domains', numbers, completes: left.every((number) => numbers.includes(number)) };
}

/** Ascending. */
export function allDomains({ spread }: ServiceObservation): number[] {
  return spread.domains.map(({ number }) => number);
}

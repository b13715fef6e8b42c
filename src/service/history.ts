// What a run has seen of the service and walked on it, in order, for the report.
import type { WalkedDomain } from '../engine/service-report.ts';
import type { CapacityLook } from './capacity.ts';

export interface ServiceHistory {
  looked(look: CapacityLook): void;
  walked(walk: WalkedDomain): void;
  readonly looks: readonly CapacityLook[];
  readonly walks: readonly WalkedDomain[];
}

export function createServiceHistory(): ServiceHistory {
  const looks: CapacityLook[] = [];
  const walks: WalkedDomain[] = [];
  return {
    looks,
    walks,
    looked: (look) => looks.push(look),
    walked: (walk) => walks.push(walk),
  };
}

// How the walk of one domain ended.
import type { WalkedDomain } from '../../engine/service-report.ts';
import type { NamedState } from '../../service/health-evaluation.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { InstanceKey } from '../../service/role-instance.ts';
import type { Stuck } from '../../service/stuck.ts';

/** `cause`: what the platform said, where its operation failed; else undefined. */
export type WalkOutcome =
  | { readonly kind: 'good'; readonly evidence: string }
  /** Instances have not started in their time, and the configuration does not say to go on. */
  | {
      readonly kind: 'start-timeout';
      readonly instances: readonly InstanceKey[];
      readonly cause: unknown;
    }
  /** The platform has not updated these, or does not say that it has: there is no health to wait for. */
  | {
      readonly kind: 'refused';
      readonly instances: readonly InstanceKey[];
      /** Whether others of the walk were updated. */
      readonly isPart: boolean;
      readonly cause: unknown;
    }
  /** Waiting will not mend it. */
  | {
      readonly kind: 'bad';
      readonly why: string;
      readonly instances: readonly NamedState[];
      readonly cause: unknown;
    }
  /** Below its minimum, and nothing moves. */
  | { readonly kind: 'stuck'; readonly stuck: Stuck; readonly why: string; readonly cause: unknown }
  /** The run has to end, or cannot look or write any more; what is under way in Azure goes on. */
  | { readonly kind: 'cut-off'; readonly error: unknown };

export interface EndedWalk {
  readonly outcome: WalkOutcome;
  /** The last look. */
  readonly seen: ServiceObservation;
  /** Until the platform's operation was done and all instances had started, as far as they have. */
  readonly platformMs: number;
}

export const REPORTED: Readonly<Record<WalkOutcome['kind'], WalkedDomain['outcome']>> = {
  good: 'good',
  'start-timeout': 'start-timeout',
  refused: 'failed',
  bad: 'failed',
  stuck: 'stuck',
  'cut-off': 'cut-off',
};

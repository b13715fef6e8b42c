import type { Phase, RunReport } from '../engine/report.ts';

/** What a run was asked for. */
export interface UpgradeRequest {
  readonly phases: readonly Phase[];
  readonly topology: string;
  readonly onFailure: 'rollback' | 'hold';
  readonly product: RunReport['product'];
  /** The post step only mends what a killed run left frozen. */
  readonly afterSwitch: 'return-to-v1' | 'leave';
}

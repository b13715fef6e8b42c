// How fast this Azure runs, for durations that clients set in minutes.
import type { Latency } from '../../latency.ts';

const AZURES_PACE = 38_000; // an instance-update at factor 1, see latency.ts

/** 1 is Azure's own pace, 0 without any waiting. */
export function pace(latency: Latency): number {
  return latency.of('instance-update') / AZURES_PACE;
}

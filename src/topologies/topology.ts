// What a topology is: the guards and, phase by phase, the ordered steps. The files beside this one can be held
// beside the article.

import type { Step } from '../engine/step.ts';
import type { Guard } from '../guards/guard.ts';

export interface TopologyPlan {
  readonly guards: readonly Guard[];
  readonly prepare: readonly Step[];
  readonly upgrade: readonly Step[];
  readonly switch: readonly Step[];
  /** A switch that was not seen to its end: the roles are exchanged already. */
  readonly finishSwitch: readonly Step[];
  readonly cleanup: readonly Step[];
  /** After the switch, on explicit request only: users back on V1, what V2's users wrote stays behind. */
  readonly returnToV1: readonly Step[];
}

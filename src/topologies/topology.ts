// What a topology is: the guards and, phase by phase, the ordered steps. The files beside this one can be held
// beside the article.

import type { Sequence } from '../engine/step.ts';
import type { Guard } from '../guards/guard.ts';

export interface TopologyPlan {
  readonly guards: readonly Guard[];
  readonly prepare: Sequence;
  readonly upgrade: Sequence;
  readonly switch: Sequence;
  /** A switch that was not seen to its end: the roles are exchanged already. */
  readonly finishSwitch: Sequence;
  readonly cleanup: Sequence;
  /** After the switch, on explicit request only: users back on V1, what V2's users wrote stays behind. */
  readonly returnToV1: Sequence;
}

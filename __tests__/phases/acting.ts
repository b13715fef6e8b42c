// For tests of a phase: an upgrade in one region whose guards let it.
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import type { Acting } from '../../src/phases/go-back.ts';
import { singleRegion } from '../../src/topologies/single-region.ts';
import type { Switching } from '../steps/switching.ts';

export function acting(world: Pick<Switching, 'clock'>, context: UpgradeContext): Acting {
  return {
    context,
    topology: { ...singleRegion(context, null), guards: [] },
    recorder: createRecorder(world.clock, { started: () => {}, progress: () => {}, ended: () => {} }),
    signal: new AbortController().signal,
    onFailure: 'rollback',
    next: null,
  };
}

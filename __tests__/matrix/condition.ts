// Lasting conditions: a journey while something is wrong around it, and not with one call.

import { kindOfCall } from './call-kinds.ts';
import type { MatrixCase } from './case.ts';
import { CONDITIONS, type Condition, editConfigurations, from } from './conditions.ts';
import { excusing } from './cut-off.ts';
import { ending } from './ending.ts';
import type { Point } from './recording.ts';
import { type Trial, tryOut } from './trial.ts';
import type { Journey, WorldKind } from './world.ts';

/** They are about the read-only window: the one journey that goes through it from end to end. */
const JOURNEY = 'upgrade, switch';

/** Every condition of a world of two slots. */
export function conditionCases(
  kind: WorldKind,
  journey: Journey,
  recording: readonly Point[],
): readonly MatrixCase[] {
  const hasDatabases = recording.some((point) => kindOfCall(point) === 'sql-script');
  if (journey.name !== JOURNEY || !hasDatabases) return [];
  return CONDITIONS.filter((condition) => condition.in?.(kind.name) ?? true).map((condition) => ({
    id: ['condition', kind.name, journey.name, condition.name].join('|'),
    kind: 'condition',
    world: kind.name,
    group: condition.name,
    run: (seed) => {
      const run = { isDisturbed: false };
      const world = excusing(kind, () => run.isDisturbed);
      return tryOut(world, journey, seed, (trial) => under(trial, journey, condition, run));
    },
  }));
}

async function under(
  trial: Trial,
  journey: Journey,
  condition: Condition,
  run: { isDisturbed: boolean },
): Promise<string> {
  const { azure } = trial.world;
  if (condition.edit) editConfigurations(azure, condition.edit);
  const during = lasting(trial, condition);
  run.isDisturbed = true;
  const disturbed = await trial.act(condition.name, journey.inputs);
  run.isDisturbed = false;
  during.end();
  const { report } = ending(disturbed);
  if (report === null) return 'nothing said';
  const told = `${report.result}${report.reasonCode === null ? '' : ` (${report.reasonCode})`}`;
  if (!during.hasBegun()) trial.violated(`check: "${condition.name}" did not come about; ${told}`);
  const isAsMeant =
    report.result === condition.result &&
    (report.reasonCode === null || condition.reasons.includes(report.reasonCode));
  if (!isAsMeant) {
    const meant = [condition.result, condition.reasons.join(' or ')].filter((part) => part !== '').join(', ');
    trial.violated(`result: ${meant} expected, was ${told}: ${report.verdict.headline}`);
  }
  return report.result === 'succeeded' ? told : `${told}; ${await trial.settle(disturbed)}`;
}

/** Begins it when its time has come, and ends it, once. */
function lasting({ world: { azure } }: Trial, condition: Condition) {
  let state: 'to come' | 'there' | 'over' = 'to come';
  let timer: NodeJS.Timeout | null = null;
  const end = () => {
    if (timer !== null) clearTimeout(timer);
    if (state === 'there') condition.end(azure);
    state = state === 'to come' ? 'to come' : 'over';
  };
  const begin = () => {
    state = 'there';
    condition.begin(azure);
    if (condition.lastsMs !== null) timer = setTimeout(end, condition.lastsMs);
  };
  condition.given?.(azure);
  if (condition.from === null) begin();
  else from(azure, condition.from, begin);
  return { hasBegun: () => state !== 'to come', end };
}

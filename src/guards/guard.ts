// A guard looks at the application before anything is changed and says whether a phase may begin. One guard a
// file; the topology lists which guard stands before which phase.
import type { Observation } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { GuardRecord } from '../engine/report.ts';
import { messageOf } from '../message-of.ts';
import type { ReasonCode } from '../reasons.ts';

export type Verdict =
  | { readonly kind: 'pass'; readonly evidence: string }
  | {
      readonly kind: 'fail';
      readonly reason: ReasonCode;
      readonly evidence: string;
      /** What can be done about it, with the command where there is one. */
      readonly advice: string;
    }
  /** Azure does not let it be asked, or the thing it is asked of does not exist yet. It does not stop a phase. */
  | {
      readonly kind: 'not-knowable';
      readonly evidence: string;
      /** Where somebody should look before the phase is begun: it is then told as a warning. */
      readonly advice?: string;
    };

export type GuardedPhase = 'prepare' | 'upgrade' | 'switch' | 'cleanup';

/** `Context` and `Seen`: of an application in slots where nothing else is said, or of a service with update domains. */
export interface Guard<Context = UpgradeContext, Seen = Observation> {
  readonly id: string;
  readonly title: string;
  /** The phases it stands before. */
  readonly phases: readonly GuardedPhase[];
  /** Whether that it passes before one phase says nothing of the next one. */
  readonly eachPhase?: true;
  /** Changes nothing. What it throws becomes `not-knowable`, with the error as evidence. */
  check(context: Context, observed: Seen, phase: GuardedPhase): Promise<Verdict>;
}

/** Runs the guards of a phase side by side. */
export async function runGuards<Context, Seen>(
  guards: readonly Guard<Context, Seen>[],
  context: Context,
  observed: Seen,
  phase: GuardedPhase,
): Promise<GuardRecord[]> {
  const standing = guards.filter((guard) => guard.phases.includes(phase));
  return Promise.all(
    standing.map(async (guard) => record(guard, await verdict(guard, context, observed, phase))),
  );
}

/** Every guard once: at the first of the phases that it stands before. */
export async function runGuardsAhead<Context, Seen>(
  guards: readonly Guard<Context, Seen>[],
  context: Context,
  observed: Seen,
  phases: readonly GuardedPhase[],
): Promise<GuardRecord[]> {
  const records = new Map<string, GuardRecord>();
  for (const phase of phases) {
    const fresh = guards.filter(({ id }) => !records.has(id));
    for (const record of await runGuards(fresh, context, observed, phase)) records.set(record.id, record);
  }
  return [...records.values()];
}

async function verdict<Context, Seen>(
  guard: Guard<Context, Seen>,
  context: Context,
  observed: Seen,
  phase: GuardedPhase,
): Promise<Verdict> {
  try {
    return await guard.check(context, observed, phase);
  } catch (error) {
    return { kind: 'not-knowable', evidence: messageOf(error) };
  }
}

function record({ id, title }: Pick<Guard, 'id' | 'title'>, verdict: Verdict): GuardRecord {
  return {
    id,
    title,
    verdict: verdict.kind,
    reason: verdict.kind === 'fail' ? verdict.reason : null,
    evidence: verdict.evidence,
    advice: verdict.kind === 'pass' ? '' : (verdict.advice ?? ''),
  };
}

// The model says what instances get when they are updated; no instance is touched by writing it. It is the first thing
// that a way back turns: from then on whatever is updated, by whomever, gets the version before.
import {
  blocked,
  done,
  later,
  type Step,
  type StepRun,
  toDo,
  type Undo,
  type UndoOutcome,
} from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import { observeService, type ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { UpdateRecord } from '../../service/update-record.ts';
import { formatList } from '../../service/words.ts';
import { keepRecord } from './keep-record.ts';
import { lookPatiently } from './patient-look.ts';

export function writeModel(context: ServiceContext): Step {
  const { what } = context.target;
  return {
    id: 'write-model',
    title: 'Write the new version to the model',
    article: null,
    phase: 'upgrade',
    changes: `The model of ${what}; no instance is touched`,
    pivot: false,
    assess: async () => {
      const { look, standing, progress } = await observeService(context);
      if (look.record === null) {
        return progress.kind === 'done' ? done(progress.words) : later('no update is written down yet');
      }
      const foreign = rolesAt(standing, 'other');
      if (foreign.length > 0) return blocked('instances-differ', foreignModel(foreign), ...FOREIGN_ADVICE);
      const others = [...standing].filter(([, of]) => of !== 'target').map(([role]) => role);
      return others.length === 0
        ? done('instances that are updated get the new version')
        : toDo(`the model of ${formatList(others)} is not the new one yet`);
    },
    apply: async ({ signal }) => {
      const { look } = await observeService(context);
      if (look.record === null) throw new UpgradeError('phase-not-applicable', 'No update is written down');
      await write(context, look.record, 'target', signal);
      return ['instances that are updated get the new version; none was touched'];
    },
    undo: putModelBack(context),
  };
}

function putModelBack(context: ServiceContext): Undo {
  return {
    order: 'turn-back',
    what: 'Put the version before back to the model',
    apply: async ({ signal }: StepRun): Promise<UndoOutcome> => {
      const observed = await lookPatiently(context, { signal });
      const { record } = observed.look;
      if (record === null) return { kind: 'nothing-to-undo', evidence: ['no update is written down'] };
      const foreign = rolesAt(observed.standing, 'other');
      if (foreign.length > 0) {
        throw new UpgradeError('instances-differ', foreignModel(foreign), { advice: FOREIGN_ADVICE });
      }
      if ([...observed.standing.values()].every((of) => of === 'previous')) {
        return { kind: 'nothing-to-undo', evidence: ['the model is the one before'] };
      }
      // Before the model: whoever comes after a run that is killed in between goes on with the way back.
      const turned = { ...record, turnedBack: true };
      await keepRecord(context, turned);
      await write(context, turned, 'previous', signal).catch(async (error: unknown) => {
        // A way back that Azure does not allow must not stand in the way of going on.
        if (isNotAllowed(error)) await keepRecord(context, record);
        throw error;
      });
      return { kind: 'undone', evidence: ['instances that are updated get the version before'] };
    },
  };
}

function isNotAllowed(error: unknown): boolean {
  return error instanceof UpgradeError && error.reason === 'rollback-not-allowed';
}

async function write(
  context: ServiceContext,
  record: UpdateRecord,
  version: 'target' | 'previous',
  signal: AbortSignal,
): Promise<void> {
  const written = await context.target.writeModel(record, version, signal);
  await keepRecord(context, written);
}

function rolesAt(standing: ServiceObservation['standing'], at: 'other'): string[] {
  return [...standing].filter(([, of]) => of === at).map(([role]) => role);
}

function foreignModel(roles: readonly string[]): string {
  return `Somebody else has changed the model of ${formatList(roles)} while this update is in progress: it is neither the version before nor the new one`;
}

const FOREIGN_ADVICE = [
  'Find out who changed it. Put the model to what it was, or to what it is to be, and run the phase again.',
];

// Why the way back of a service is not taken, as a person is told it: the article's cases told apart, each with what can
// be done instead.
import { UpgradeError } from '../../reasons.ts';
import { azFor } from '../../service/az-command.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { RollbackAllowed, RollbackRefusal } from '../../service/rollback-allowed.ts';
import type { ServiceContext } from '../../service/service-context.ts';

export function rollbackNotAllowed(
  context: ServiceContext,
  { refusals }: RollbackAllowed,
  observed: ServiceObservation,
): UpgradeError {
  const messages = refusals.map(({ message }) => message);
  const advice = refusals.flatMap(({ kind }) => adviceOn(kind, context, observed));
  return new UpgradeError(
    'rollback-not-allowed',
    messages.length > 0 ? messages.join('\n') : 'The way back is not open.',
    { advice: [...new Set(advice)] },
  );
}

/** Every instance was updated, and the run that did it has not come to its end. */
const FINISH = [
  'Run phase upgrade: it finishes this update, and gives automation back.',
  'Where it does not, because instances are not healthy, put the version before over it: `walk: {on-stuck: supersede}`.',
];
const AFTERWARDS =
  'To go back then configure the version before as the new one, and run phase: prepare, upgrade.';
const GO_ON = 'Or go on with phase upgrade.';

function adviceOn(
  kind: RollbackRefusal['kind'],
  { config }: ServiceContext,
  { look }: ServiceObservation,
): string[] {
  switch (kind) {
    case 'finished':
      return look.record ? [...FINISH, AFTERWARDS] : [AFTERWARDS];
    case 'not-begun':
      return ['Run phase status: it shows what each instance runs.'];
    case 'quota':
      return [
        ['Free cores, or ask for a larger quota, then run rollback again:', ...usageCommands(look)].join(
          '\n',
        ),
        GO_ON,
      ];
    case 'previous-version-gone':
      return [
        config.service.kind === 'cloud-service'
          ? 'Put the package and the configuration of the version before where the configuration file says they are, then run rollback again.'
          : 'Bring back what is missing (an image version under its name, with its replica in the region; of a size wait until Azure offers it again), then run rollback again.',
        GO_ON,
      ];
    case 'changed-by-others':
      return ['Find out who changed the model and why; put theirs back, then run rollback again.'];
    case 'not-knowable':
      return ['Run phase status when Azure tells again what the instances run.'];
    case 'previous-unknown':
      return ['Configure the version before as the new one, and run phase: prepare, upgrade.'];
  }
}

function usageCommands({ roles }: ServiceObservation['look']): string[] {
  const commands = roles.flatMap(({ set }) =>
    set ? [azFor(set.id, 'vm', 'list-usage', '--location', set.location, '-o', 'table')] : [],
  );
  return [...new Set(commands)];
}

/** Which update was found going back, when something else was asked for. */
export function foundGoingBack(phase: string, why: string): UpgradeError {
  return new UpgradeError('interrupted', `Phase ${phase} was not begun: ${why}; it was finished first`, {
    advice: ['Look at the earlier run: why it went back. Then begin anew.'],
  });
}

import type { ServiceConfig } from '../../config/service-config.ts';
import { withoutTag } from '../../service/lease-refusals.ts';
import { asksForAnother, type ServiceObservation } from '../../service/observe-service.ts';
import { MARK_TAG, markOf } from '../../service/record-tags.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { ServiceLook } from '../../service/target.ts';
import type { UpdateRecord } from '../../service/update-record.ts';
import { formatList } from '../../service/words.ts';
import type { GuardedPhase, Verdict } from '../guard.ts';
import { fail, pass } from '../verdict.ts';
import { type ServiceGuard, WALKING } from './service-guard.ts';

/** The article: at most one upgrade is active, and a second one over it may take down several domains at once. */
export const oneUpdate: ServiceGuard = {
  id: 'one-update',
  title: 'No other update of the service is in progress',
  phases: WALKING,
  check: async (context, observed, phase) => {
    const { record } = observed.look;
    const mark = markOfAnother(context, observed.look);
    if (mark !== null) return mark;
    if (record === null) return pass('none is written down');
    if (record.application !== context.config.application) return ofAnother(record);
    const roles = configuredRoles(context.config);
    // More may be configured: what is as it is to be already is not part of an update.
    if (!record.roles.every((role) => roles.includes(role))) return ofOtherRoles(record, roles);
    if (await asksForAnother(context, observed.look))
      return ofAnotherTarget(context, observed, record, phase);
    return pass(`${inWords(record)} is the one that the configuration asks for: it goes on`);
  },
};

/** A scale set that two services share says so itself; the record is on one of its resources only. */
function markOfAnother({ config }: ServiceContext, { roles }: ServiceLook): Verdict | null {
  for (const { set } of roles) {
    const mark = set === null ? null : markOf(set.tags);
    if (set === null || mark === null || mark.application === config.application) continue;
    const { application, updateId } = mark;
    return fail(
      'update-in-progress',
      `${set.ref.name} is being updated by application ${application} (update ${updateId})`,
      `Finish that update, or turn it back, with the configuration file of ${application}; then run again. Only where no such update is under way any more, take its mark away:`,
      withoutTag(set, MARK_TAG),
    );
  }
  return null;
}

function ofAnother(record: UpdateRecord): Verdict {
  return fail(
    'update-in-progress',
    `${inWords(record)} is one of application ${record.application}`,
    `Two configurations name the same service. Finish that update, or turn it back, with the configuration file of ${record.application}; then run again.`,
  );
}

/** By the file: a look chooses those of the record as long as there is one. */
function configuredRoles({ walk, service }: ServiceConfig): readonly string[] {
  return walk.roles.length > 0 ? walk.roles : service.roles.map(({ name }) => name);
}

function ofOtherRoles(record: UpdateRecord, roles: readonly string[]): Verdict {
  return fail(
    'update-in-progress',
    `${inWords(record)} is one of ${formatList(record.roles)}, and the configuration chooses ${formatList(roles)}`,
    `Finish it, or turn it back, with \`walk: {roles: [${record.roles.join(', ')}]}\`; then run again.`,
  );
}

function ofAnotherTarget(
  { config }: ServiceContext,
  { progress }: ServiceObservation,
  record: UpdateRecord,
  phase: GuardedPhase,
): Verdict {
  const isBegun = progress.kind !== 'not-begun';
  const stands = isBegun ? progress.words : 'no instance has it yet';
  if (config.walk.onStuck === 'supersede' && phase === 'upgrade')
    return pass(`over ${inWords(record)} (${stands}) comes another, as walk.on-stuck allows`);
  return fail(
    'update-in-progress',
    `${inWords(record)} has another target than the configuration asks for now (${stands})`,
    isBegun
      ? 'Finish it (phase upgrade, with the version in the file that it was begun with), or turn it back (phase rollback); then begin this one. To put this one over it: `walk: {on-stuck: supersede}`, and phase upgrade.'
      : 'Take it back (phase rollback: no instance is touched by that), then prepare again.',
  );
}

function inWords({ updateId, startedAt, runUrl }: UpdateRecord): string {
  return `update ${updateId}, begun ${startedAt}${runUrl === null ? '' : ` by ${runUrl}`}`;
}

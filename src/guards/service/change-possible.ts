import { azFor } from '../../service/az-command.ts';
import { notAllowedBy, type ServiceChange } from '../../service/change.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { count } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { allOf, fail, notKnowable, pass } from '../verdict.ts';
import { type ServiceGuard, WALKING } from './service-guard.ts';
import { changesAhead } from './update-ahead.ts';

/** The article's table of allowed changes, and what the platform refuses beyond it. */
export const changePossible: ServiceGuard = {
  id: 'change-possible',
  title: 'The change can be made in the way that is configured',
  phases: WALKING,
  check: async (context, observed) => {
    const found = await changesAhead(context, observed.look);
    const refused = notAllowedBy(context.config.switchMethod, found.changes);
    if (refused.length > 0) return allOf(refused.map((change) => notPossible(context, observed, change)));
    const told = found.changes.length > 0 ? found.changes.map(inWords).join('; ') : nothingLeft(observed);
    if (found.notKnowable.length === 0) return pass(told);
    return notKnowable(
      `${told}; ${count(found.notKnowable.length, 'effect')} of it cannot be known beforehand, and the table of changes names ${found.notKnowable.length === 1 ? 'it' : 'them'}`,
    );
  },
};

function nothingLeft({ progress }: ServiceObservation): string {
  return progress.kind === 'done'
    ? 'nothing is left to change: every instance runs what the configuration asks for'
    : 'the configuration asks for what the model says already';
}

function notPossible(
  { config }: ServiceContext,
  { look }: ServiceObservation,
  change: ServiceChange,
): Verdict {
  const { role, kind, reason } = change;
  const set = look.roles.find((one) => one.role === role)?.set ?? null;
  const evidence = `${inWords(change)}. ${reason}`;
  const refused = (...advice: string[]) => fail('change-not-possible', evidence, ...advice);
  if (kind === 'extension-missing') {
    const where = ['-g', set?.ref.resourceGroup ?? 'GROUP', '--vmss-name', set?.ref.name ?? 'NAME'];
    return refused(
      'Correct its name in the configuration file, or give it to the model first; these are there:',
      azFor(set?.id ?? null, 'vmss', 'extension', 'list', ...where, '-o', 'table'),
    );
  }
  if (kind === 'image-without-version')
    return refused('Name the image with its version: …/versions/2.0.0, or publisher:offer:sku:2.0.0.');
  if (config.switchMethod === 'swap') return refused(WITHOUT_SWAP[change.class] ?? ANEW);
  if (change.class !== 'swap') return refused(ANEW);
  return refused(config.service.kind === 'cloud-service' ? BY_SWAP : ANEW);
}

const ANEW =
  'Leave it out of this update. To have it, deploy the service anew beside this one, move users to it, and remove this one.';
const BY_SWAP =
  'Deploy it to a second cloud service, and let users be moved by a swap: `switch: {method: swap}` with `service.cloud-service.staging`.';
const WITHOUT_SWAP: Readonly<Partial<Record<ServiceChange['class'], string>>> = {
  'in-place': 'Make this change in place: `switch: {method: in-place}`.',
  'in-place-with-reimage': 'Make this change in place: `switch: {method: in-place}`.',
};

function inWords({ role, what, class: way }: ServiceChange): string {
  return `${role === null ? '' : `${role}: `}${what} (${way})`;
}

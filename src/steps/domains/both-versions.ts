// What users have while an update is between its beginning and its end, in the words of every error of a walk.
import type { ServiceObservation } from '../../service/observe-service.ts';
import { count, formatList } from '../../service/words.ts';

/** "Domains 0 and 1 run the new version, domains 2, 3 and 4 the version before: users are served by both." */
export function bothVersions({ progress }: Pick<ServiceObservation, 'progress'>): string {
  const of = (state: 'updated' | 'in-flight' | 'untouched') =>
    progress.domains.filter((domain) => domain.state === state).map(({ domain }) => domain);
  const [updated, inFlight, untouched] = [of('updated'), of('in-flight'), of('untouched')];
  const parts = [
    ...(updated.length > 0 ? [`${named(updated)} the new version`] : []),
    ...(untouched.length > 0 ? [`${named(untouched)} the version before`] : []),
    ...(inFlight.length > 0 ? [`${named(inFlight)} a part of each, or are being changed`] : []),
  ];
  const words = parts.join(', those of ');
  const isOne = parts.length === 1 && inFlight.length === 0;
  return `At that moment ${words === '' ? 'no domain had instances' : `the instances of ${words}`}${isOne ? '' : '; users are served by both versions until the update goes on or back'}.`;
}

function named(domains: readonly number[]): string {
  return `domain${domains.length > 1 ? 's' : ''} ${formatList(domains.map(String))} run`;
}

/** What a person can run next, whichever was done by the run itself. */
export function goOnOrBack(): string[] {
  return [
    'Go on where it stands: run phase upgrade again; domains that are updated and healthy are not touched again.',
    'Go back: run phase rollback; untouched instances are left alone.',
  ];
}

/** Of what is down and may be walked next, although nothing else may. */
export function goOnWith(domain: number): string {
  return `Go on with the domain that is down, which takes no second one down: run phase upgrade with domain: ${domain}.`;
}

/** Whether advice only holds while an update is in progress. */
export function isOfUpdateInProgress(advice: string): boolean {
  return /^Go (on|back)\b/.test(advice);
}

export function instances(keys: readonly string[]): string {
  return `${count(keys.length, 'instance')} (${formatList(keys)})`;
}

// How far the walk of a domain is, as lines of its step.
import { createProgress } from '../../engine/progress.ts';
import type { StepRun } from '../../engine/step.ts';
import { keyOf } from '../../service/role-instance.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { count, formatList } from '../../service/words.ts';
import type { HealthSeen } from './health-watch.ts';
import type { DomainWalk } from './watch-domain.ts';

const LINE_EVERY_MS = 30_000;

/** "domain 1 of 5: waiting, 3 of 3 instances updated, 2 healthy, waiting for web/7 (it is initializing)". */
export function tellDomain(
  { clock }: ServiceContext,
  { domain, domains, track }: Pick<DomainWalk, 'domain' | 'domains' | 'track'>,
  { progress }: StepRun,
): (seen: HealthSeen) => void {
  const way = track.direction === 'back' ? ', on the way back' : '';
  const label = `domain ${domain.number} of ${domains}${way}`;
  const lines = createProgress({ clock, log: progress, label, minIntervalMs: LINE_EVERY_MS });
  return (seen) => lines.update(null, noteOf(domain.number, track, seen));
}

function noteOf(
  number: number,
  { direction }: DomainWalk['track'],
  { observed, evaluation }: HealthSeen,
): string {
  const instances = observed.spread.domains.find((domain) => domain.number === number)?.instances ?? [];
  const keys = new Set(instances.map(keyOf));
  const wanted = direction === 'forward' ? 'target' : 'previous';
  const updated = [...keys].filter((key) => observed.versions.get(key)?.version === wanted).length;
  const others = evaluation.roles.flatMap((role) => role.others).filter(({ key }) => keys.has(key));
  const healthy = keys.size - others.length;
  const waiting = [...Map.groupBy(others, ({ why }) => why)].map(
    ([why, some]) => `${formatList(some.map(({ key }) => key))} (${why})`,
  );
  const done = direction === 'forward' ? 'updated' : 'back on the version before';
  return [
    `${updated} of ${count(keys.size, 'instance')} ${done}, ${healthy} healthy`,
    ...(waiting.length > 0 ? [`waiting for ${waiting.join('; ')}`] : []),
  ].join(', ');
}

import type { InstanceView, ServiceReport } from '../../engine/service-report.ts';
import { domainState } from './domain-words.ts';
import { healths, tallyOf, versionNames, versions } from './tally.ts';
import { logText, textTable } from './text-table.ts';

const HEAD = ['DOMAIN', 'STATE', 'ROLE', 'INSTANCES', 'HEALTH'];
const INSTANCE_HEAD = ['DOMAIN', 'ROLE', 'INSTANCE', 'BEFORE', 'NOW', 'HEALTH', 'SINCE'];

/** With more instances than this the log names only those that are not as they should be. */
const ALL_NAMED = 40;

/**
 * The service for the log: where the update stands, whether it is locked and may be rolled back, the domains as an
 * aligned table, and the instances as another.
 */
export function renderDomainTableText(service: ServiceReport): string {
  const { progress, locked, rollbackAllowed, held } = service;
  return [
    `Where the update stands: ${logText(progress)}`,
    ...domainLines(service),
    ...instanceLines(service),
    `Locked: ${answer(locked.locked, locked.reasons)}`,
    `Rollback allowed: ${answer(rollbackAllowed.allowed, rollbackAllowed.refusals)}`,
    ...(held.length > 0 ? [`Switched off while the update lasts: ${logText(held.join('; '))}`] : []),
  ].join('\n');
}

function domainLines(service: ServiceReport): string[] {
  const rows = tallyOf(service).flatMap((tally) =>
    tally.roles.map((role, index) => [
      index === 0 ? String(tally.domain) : '',
      index === 0 ? domainState(tally)[1] : '',
      role.role,
      versions(role),
      healths(role),
    ]),
  );
  return rows.length === 0 ? [] : textTable([HEAD, ...rows]);
}

function instanceLines({ domains }: ServiceReport): string[] {
  const all = domains.flatMap(({ domain, instances }) => instances.map((view) => ({ domain, view })));
  const named = all.length > ALL_NAMED ? all.filter(({ view }) => standsOut(view)) : all;
  if (named.length === 0) return [];
  const name = versionNames(all.map(({ view }) => view));
  const rows = named.map(({ domain, view }) => [
    String(domain),
    view.role,
    view.id,
    view.before ?? '-',
    name(view),
    view.health,
    view.since ?? '-',
  ]);
  return ['', ...textTable([INSTANCE_HEAD, ...rows]), ''];
}

function standsOut({ health, runs }: InstanceView): boolean {
  return !['healthy', 'none'].includes(health) || runs === 'other' || runs === 'unknown';
}

function answer(yes: boolean, reasons: readonly string[]): string {
  const why = logText(reasons.join('; '));
  return `${yes ? 'yes' : 'no'}${why === '' ? '' : `: ${why}`}`;
}

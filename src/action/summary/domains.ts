// Where the update of a service stands: its domains in numbers, what may be done now, its roles and instances.
import type { ServiceReport, ServiceRoleView } from '../../engine/service-report.ts';
import { domainState, marked } from './domain-words.ts';
import type { DrawnReport } from './drawn-report.ts';
import { renderInstances } from './instances.ts';
import { type Column, code, count, details, paragraphs, prose, sentence, table, text } from './markdown.ts';
import { type DomainTally, healths, type RoleTally, versions } from './tally.ts';

const NONE = '–';

export function renderDomains({ service, tally, phases }: DrawnReport): string {
  if (service === null) return '';
  return paragraphs([
    '### Where the update stands',
    sentence(service.progress),
    domainTable(service.roles, tally),
    flags(service),
    renderInstances(service, tally),
    roleTable(service, phases.includes('plan')),
  ]);
}

function domainTable(roles: readonly ServiceRoleView[], tally: readonly DomainTally[]): string {
  if (tally.length === 0) return '';
  const present = new Set(tally.flatMap((domain) => domain.roles.map(({ role }) => role)));
  const named = roles.map(({ role }) => role).filter((role) => present.has(role));
  const names = [...new Set([...named, ...present])];
  const columns = ['Domain', 'State', ...names.map((name) => code(name) || NONE)];
  const rows = tally.map((domain) => [
    `**${domain.domain}**`,
    marked(domainState(domain)),
    ...names.map((name) => roleCell(domain.roles.find(({ role }) => role === name))),
  ]);
  return table(
    columns.map((title) => ({ title })),
    rows,
  );
}

/** "3 of 3 on 2.0.0, healthy"; in lines of their own where the instances differ. */
function roleCell(tally: RoleTally | undefined): string {
  if (tally === undefined) return NONE;
  const [version, health] = [versions(tally), healths(tally)].map(text);
  return `${version}${tally.health.length > 1 || tally.versions.length > 1 ? '<br>' : ', '}${health}`;
}

/** The article's Locked and RollbackAllowed, and what Azure does not do by itself meanwhile. */
function flags({ locked, rollbackAllowed, held }: ServiceReport): string {
  return [
    `- **Locked**: ${answer(locked.locked, locked.reasons)}`,
    `- **Rollback allowed**: ${answer(rollbackAllowed.allowed, rollbackAllowed.refusals)}`,
    held.length === 0 ? '' : `- **Switched off while the update lasts**: ${held.map(prose).join('; ')}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function answer(yes: boolean, reasons: readonly string[]): string {
  return [`${yes ? 'yes' : 'no'}.`, ...reasons.map(sentence)].filter((part) => part !== '').join(' ');
}

function roleTable({ kind, roles }: ServiceReport, open: boolean): string {
  if (roles.length === 0) return '';
  const titles = [
    'Role',
    kind === 'scale-sets' ? 'Scale set' : 'Cloud service',
    'Instances',
    'Domains made by',
    'Must be healthy',
    'In this update',
  ];
  const rows = roles.map(({ role, resource, instances: number, placement, minimumHealthy, chosen }) => [
    code(role),
    code(resource),
    String(number),
    placement === 'platform' ? 'Azure' : 'this action',
    text(minimumHealthy),
    chosen ? 'yes' : 'no',
  ]);
  const named = roles.map(({ role, resource }) => text(`${role} (${resource})`)).join(', ');
  const columns = titles.map((title): Column => ({ title, align: title === 'Instances' ? 'right' : 'left' }));
  return details(`<b>${count(roles.length, 'role')}</b>: ${named}`, table(columns, rows), open);
}

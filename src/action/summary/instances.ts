// Every instance of a service: what it ran, what it runs, and how it is. Many are folded, very many by domain, and those
// of which nothing is to be told.
import type { DomainView, InstanceView, ServiceReport } from '../../engine/service-report.ts';
import { moment } from './format.ts';
import { code, details, paragraphs, table, text } from './markdown.ts';
import { type DomainTally, healths, versionNames, versions } from './tally.ts';

/** More instances than this are folded; more than the second, folded by domain. */
const SHOWN = 20;
const ONE_TABLE = 100;

const NONE = '–';

const HEALTH_MARKS: ReadonlyMap<string, string> = new Map([
  ['healthy', '✅'],
  ['unhealthy', '❌'],
  ['unknown', '❔'],
  ['none', '▫️'],
]);

interface Column {
  readonly title: string;
  readonly cell: (instance: InstanceView) => string;
}

export function renderInstances({ domains, walk }: ServiceReport, tally: readonly DomainTally[]): string {
  const total = tally.reduce((sum, domain) => sum + domain.instances, 0);
  if (total === 0) return '';
  const all = domains.flatMap(({ instances }) => instances);
  const columns = columnsFor(all);
  const isQuiet = walk.length === 0 && all.every(isAsBefore);
  if (total <= SHOWN && !isQuiet) return instanceTable(columns, domains);
  const parts =
    total <= ONE_TABLE
      ? [instanceTable(columns, domains)]
      : domains.map((domain) => details(foldTitle(domain, tally), instanceTable(columns, [domain])));
  return details(`<b>Instances</b>: ${total}`, paragraphs(parts));
}

function isAsBefore({ before, now, health }: InstanceView): boolean {
  return before === now && (health === 'healthy' || health === 'none');
}

function instanceTable(columns: readonly Column[], domains: readonly DomainView[]): string {
  const rows = domains.flatMap(({ domain, instances }) =>
    instances.map((instance, index) => [
      index === 0 ? `**${domain}**` : '',
      ...columns.map(({ cell }) => cell(instance)),
    ]),
  );
  return table([{ title: 'Domain' }, ...columns], rows);
}

/** The role is told where there are several, and since when only where Azure tells it of one instance at least. */
function columnsFor(all: readonly InstanceView[]): Column[] {
  const name = versionNames(all);
  const hasRoles = new Set(all.map(({ role }) => role)).size > 1;
  const hasSince = all.some(({ since }) => since !== null);
  return [
    ...(hasRoles ? [{ title: 'Role', cell: ({ role }: InstanceView) => code(role) }] : []),
    { title: 'Instance', cell: ({ id }) => code(id) },
    { title: 'Before', cell: ({ before }) => text(before ?? '') || NONE },
    { title: 'Now', cell: (instance) => versionNow(instance, text(name(instance)) || NONE) },
    { title: 'Health', cell: ({ health }) => healthWords(health) },
    ...(hasSince
      ? [{ title: 'Since', cell: ({ since }: InstanceView) => text(moment(since ?? '')) || NONE }]
      : []),
  ];
}

function versionNow({ before, now }: InstanceView, name: string): string {
  return before !== null && now !== null && before !== now ? `**${name}**` : name;
}

function healthWords(health: string): string {
  const mark = HEALTH_MARKS.get(health) ?? '🟡';
  return `${mark}\u00a0${health === 'none' ? 'not\u00a0told' : text(health) || NONE}`;
}

/** HTML, so that what is Markdown does not act in it. */
function foldTitle({ domain }: DomainView, tally: readonly DomainTally[]): string {
  const roles = tally.find((candidate) => candidate.domain === domain)?.roles ?? [];
  const words = roles.map((role) => text(`${role.role}: ${versions(role)}, ${healths(role)}`));
  return `<b>Domain ${domain}</b> (${words.join('; ')})`;
}

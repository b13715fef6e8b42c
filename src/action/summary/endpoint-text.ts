import type { DatabaseView, EndpointView } from '../../engine/report.ts';
import { textTable } from './text-table.ts';

const HEAD = ['ENDPOINT', 'SLOT', 'ROLE', 'REGION', 'STATUS', 'MONITOR', 'PRIORITY', 'VERSION', 'DATABASE'];

/** The endpoints as an aligned table for the log; further databases of an endpoint get a line each. */
export function renderEndpointTableText(endpoints: readonly EndpointView[]): string {
  return textTable([HEAD, ...endpoints.flatMap(rows)]).join('\n');
}

function rows(view: EndpointView): string[][] {
  const own = [
    view.endpoint,
    view.slot,
    view.standby ? `${view.role} standby` : view.role,
    view.region ?? '-',
    view.status,
    view.monitorStatus ?? '-',
    view.priority === null ? '-' : String(view.priority),
    view.version ?? '-',
  ];
  const [first = '-', ...others] = view.databases.map(database);
  return [[...own, first], ...others.map((other) => [...own.map(() => ''), other])];
}

function database({ name, server, access, replication }: DatabaseView): string {
  return `${name} on ${server}: ${access}${replication === null ? '' : ` (${replication})`}`;
}

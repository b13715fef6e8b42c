// Who is connected to what now: users, the public name, the profile, endpoints, sites and databases.
import type { DatabaseView, EndpointView, RunReport } from '../../engine/report.ts';
import { STATUS_WORDS } from './endpoints.ts';
import { paragraphs } from './markdown.ts';
import { COLOURS, type Edge, flowchart, type Node } from './mermaid.ts';

/** GitHub draws no diagram above 50 000 characters or 500 edges. */
const MAX_CHARACTERS = 45_000;
const MAX_EDGES = 400;
/** More databases than this on one site are drawn as one. */
const MAX_DATABASES = 6;

const LOOKS = {
  plain: COLOURS.plain,
  live: COLOURS.good,
  readonly: COLOURS.warning,
  off: COLOURS.off,
  broken: COLOURS.bad,
} as const;

const LEGEND =
  'Thick: where users go. Thin: stands by. Dashed: disabled or absent. Green: serves users. Amber: users can read but not write. Red: does not answer.';

export function renderDiagram({ after, publicName }: RunReport): string {
  if (after.length === 0) return '';
  const { nodes, edges } = graph(after, publicName);
  const drawing = flowchart(nodes, edges, LOOKS);
  const tooBig = drawing.length > MAX_CHARACTERS || edges.length > MAX_EDGES;
  const body = tooBig
    ? 'The diagram would be too large for GitHub to draw; the table above says the same.'
    : drawing;
  return paragraphs(['### Who is connected to what now', body, tooBig ? '' : LEGEND]);
}

interface Graph {
  readonly nodes: Node[];
  readonly edges: Edge[];
}

function graph(endpoints: readonly EndpointView[], publicName: string | null): Graph {
  const profiled = endpoints.some((endpoint) => endpoint.status !== 'absent');
  const entrance = entranceNodes(publicName, profiled);
  const drawn: Graph = {
    nodes: [...entrance],
    edges: entrance.slice(1).map((node, index) => ({
      from: entrance[index]?.id ?? node.id,
      to: node.id,
      line: 'thick',
      label: [],
    })),
  };
  const last = entrance.at(-1)?.id ?? 'users';
  const users = whereUsersGo(endpoints, profiled);
  endpoints.forEach((endpoint, index) => {
    addEndpoint(drawn, endpoint, `${index}`, last, profiled, endpoint === users);
  });
  addDatabases(drawn, endpoints);
  return drawn;
}

function entranceNodes(publicName: string | null, profiled: boolean): Node[] {
  return [
    { id: 'users', shape: 'round', label: ['Users'], look: 'plain' },
    ...(publicName === null
      ? []
      : [{ id: 'name', shape: 'box', label: [publicName], look: 'plain' } satisfies Node]),
    ...(profiled
      ? [{ id: 'profile', shape: 'hexagon', label: ['Traffic Manager'], look: 'plain' } satisfies Node]
      : []),
  ];
}

/** Priority routing answers with the first endpoint that is enabled and does not fail its probes. */
function whereUsersGo(endpoints: readonly EndpointView[], profiled: boolean): EndpointView | null {
  if (!profiled) return endpoints.find((view) => view.role === 'production' && !view.standby) ?? null;
  const rank = (view: EndpointView) => view.priority ?? Number.MAX_SAFE_INTEGER;
  const enabled = endpoints.filter((view) => view.status === 'Enabled').sort((a, b) => rank(a) - rank(b));
  return enabled.find((view) => !FAILING.includes(view.monitorStatus ?? '')) ?? enabled[0] ?? null;
}

const FAILING: readonly string[] = ['Degraded', 'Stopped', 'Inactive'];

function addEndpoint(
  drawn: Graph,
  view: EndpointView,
  index: string,
  entrance: string,
  profiled: boolean,
  serves: boolean,
): void {
  const [endpoint, site] = [`endpoint${index}`, `site${index}`];
  const line = lineTo(view, serves);
  const version = view.version === null ? 'no answer' : `version ${view.version}`;
  drawn.nodes.push({
    id: site,
    shape: 'box',
    label: [
      `site ${view.site}`,
      `${version} (${view.role}${view.standby ? ' standby' : ''})`,
      ...region(view),
    ],
    look: siteLook(view, serves),
  });
  if (!profiled) {
    if (serves) drawn.edges.push({ from: entrance, to: site, line, label: [] });
    return;
  }
  drawn.nodes.push({
    id: endpoint,
    shape: 'box',
    label: [`endpoint ${view.endpoint}`, endpointState(view)],
    look: serves ? 'live' : view.status === 'Enabled' ? 'plain' : 'off',
  });
  drawn.edges.push({ from: entrance, to: endpoint, line, label: [] });
  drawn.edges.push({ from: endpoint, to: site, line, label: [] });
}

function lineTo(view: EndpointView, serves: boolean): Edge['line'] {
  if (serves) return 'thick';
  return view.status === 'Enabled' ? 'thin' : 'dotted';
}

/** Told where there is more than one. */
function region({ standby, region: name }: EndpointView): string[] {
  return standby && name !== null ? [name] : [];
}

function siteLook(view: EndpointView, serves: boolean): keyof typeof LOOKS {
  if (!serves) return 'plain';
  return view.version === null ? 'broken' : 'live';
}

function endpointState(view: EndpointView): string {
  if (view.status === 'absent' || view.status === 'unknown') return STATUS_WORDS[view.status];
  const priority = view.priority === null ? '' : `, priority ${view.priority}`;
  const monitor =
    view.monitorStatus === null || view.monitorStatus === view.status ? '' : `, ${view.monitorStatus}`;
  return `${view.status}${priority}${monitor}`;
}

/** Every database once, however many sites use it, and the links between them. */
function addDatabases(drawn: Graph, endpoints: readonly EndpointView[]): void {
  const ids = new Map<string, string>();
  endpoints.forEach((view, index) => {
    if (view.databases.length > MAX_DATABASES) {
      addManyDatabases(drawn, view, index);
      return;
    }
    for (const database of view.databases) {
      const known = ids.get(key(database));
      const id = known ?? `database${ids.size}`;
      if (known === undefined) {
        ids.set(key(database), id);
        drawn.nodes.push(databaseNode(id, database, view));
      }
      const line = database.access === 'absent' ? 'dotted' : 'thin';
      drawn.edges.push({ from: `site${index}`, to: id, line, label: [] });
    }
  });
  addLinks(drawn, endpoints, ids);
}

function databaseNode(id: string, database: DatabaseView, view: EndpointView): Node {
  return {
    id,
    shape: 'cylinder',
    label: [database.name, database.server, database.access],
    look: databaseLook(database.access, view),
  };
}

function addManyDatabases(drawn: Graph, view: EndpointView, index: number): void {
  const kinds: readonly DatabaseView['access'][] = ['read-write', 'read-only', 'absent', 'unreachable'];
  for (const access of kinds) {
    const number = view.databases.filter((database) => database.access === access).length;
    if (number === 0) continue;
    const id = `databases${index}${access.replace('-', '')}`;
    const label = [`${number} databases`, access];
    drawn.nodes.push({ id, shape: 'cylinder', label, look: databaseLook(access, view) });
    const line = access === 'absent' ? 'dotted' : 'thin';
    drawn.edges.push({ from: `site${index}`, to: id, line, label: [] });
  }
}

/** A standby that can only be read is as it should be. */
function databaseLook(access: DatabaseView['access'], view: EndpointView): keyof typeof LOOKS {
  const production = view.role === 'production' && !view.standby;
  switch (access) {
    case 'absent':
      return 'off';
    case 'unreachable':
      return 'broken';
    case 'read-only':
      return production ? 'readonly' : 'plain';
    case 'read-write':
      return production ? 'live' : 'plain';
  }
}

/** An arrow from the primary to its secondary, once, whichever of the two sides told of it. */
function addLinks(drawn: Graph, endpoints: readonly EndpointView[], ids: ReadonlyMap<string, string>): void {
  const databases = endpoints.flatMap((view) => view.databases).filter((database) => ids.has(key(database)));
  const seen = new Set<string>();
  const links = databases.flatMap((database) =>
    (database.replication ?? '').split('; ').map((link) => ({ database, link })),
  );
  for (const { database, link } of links) {
    const [, side, server, state] = /^(primary|secondary) of ([\w-]+)(?:, *(.*))?$/i.exec(link) ?? [];
    const partner = databases.find((other) => other.server === server && other.name === database.name);
    const own = ids.get(key(database));
    const other = partner === undefined ? undefined : ids.get(key(partner));
    if (own === undefined || other === undefined || own === other) continue;
    const [from, to] = side?.toLowerCase() === 'secondary' ? [other, own] : [own, other];
    if (seen.has(`${from} ${to}`)) continue;
    seen.add(`${from} ${to}`);
    drawn.edges.push({
      from,
      to,
      line: 'dotted',
      label: ['geo-replication', ...(state ? [state] : [])],
    });
  }
}

function key(database: DatabaseView): string {
  return JSON.stringify([database.server, database.name]);
}

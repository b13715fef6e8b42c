// What happened between two looks at the databases, in words.
import type { DatabaseSeen, LinkSeen, Picture } from './picture.ts';

/** A few words a change, in the order in which a person would tell them; none where nothing changed. */
export function changesBetween(before: Picture, after: Picture): string[] {
  return [
    ...disasters(before, after),
    ...linksGone(before, after),
    ...databasesGone(before, after),
    ...linksThere(before, after),
    ...accessesChanged(before, after),
    ...schemasChanged(before, after),
    ...(before.serving === after.serving ? [] : [`users are sent to ${after.serving ?? 'nobody'}`]),
  ];
}

function disasters(before: Picture, after: Picture): string[] {
  const lost = ({ databases }: Picture) =>
    new Set(databases.filter(({ access }) => access === 'lost').map(({ region }) => region));
  const known = lost(before);
  return [...lost(after)].filter((region) => !known.has(region)).map((region) => `${region} is lost`);
}

/** A link that went with one of its databases is not told apart from it; one that was turned round is a failover. */
function linksGone(before: Picture, after: Picture): string[] {
  return before.links
    .filter((link) => !linkIn(after, link) && !linkIn(after, turned(link)))
    .filter(({ from, to }) => databaseIn(after, from) && databaseIn(after, to))
    .map(({ from, to }) => `link ${from} → ${to} cut`);
}

function databasesGone(before: Picture, after: Picture): string[] {
  return before.databases
    .filter(({ server }) => !databaseIn(after, server))
    .map(({ server }) => `${server} removed`);
}

function linksThere(before: Picture, after: Picture): string[] {
  return after.links.flatMap((link) => {
    const { from, to, state } = link;
    const known = linkIn(before, link);
    if (known === undefined && linkIn(before, turned(link))) return [`failed over to ${from}`];
    if (known?.state === state || (state === 'suspended' && isLost(after, link))) return [];
    if (state === 'seeding') return [`${to} is seeded from ${from}`];
    return [state === 'caught up' ? `${to} has caught up` : `link ${from} → ${to} suspended`];
  });
}

function accessesChanged(before: Picture, after: Picture): string[] {
  return after.databases.flatMap(({ server, access }) => {
    const known = databaseIn(before, server);
    if (!known || access === 'lost' || known.access === access) return [];
    return [accessChange(server, access, before)];
  });
}

/** A change that reached several databases between two looks is told once. */
function schemasChanged(before: Picture, after: Picture): string[] {
  const changed = after.databases.filter(({ server, schema }) => {
    const known = databaseIn(before, server);
    return known && known.schema !== schema;
  });
  return [...Map.groupBy(changed, ({ schema }) => schema)].map(
    ([schema, databases]) => `${databases.map(({ server }) => server).join(' and ')} upgraded to ${schema}`,
  );
}

function accessChange(server: string, access: DatabaseSeen['access'], { serving }: Picture): string {
  return access === 'read-only' && server === serving
    ? `${server} frozen (read-only)`
    : `${server} ${access}`;
}

function turned({ from, to, state }: LinkSeen): LinkSeen {
  return { from: to, to: from, state };
}

function linkIn({ links }: Picture, { from, to }: LinkSeen): LinkSeen | undefined {
  return links.find((link) => link.from === from && link.to === to);
}

function databaseIn({ databases }: Picture, server: string): DatabaseSeen | undefined {
  return databases.find((database) => database.server === server);
}

function isLost(picture: Picture, { from, to }: LinkSeen): boolean {
  return [from, to].some((server) => databaseIn(picture, server)?.access === 'lost');
}

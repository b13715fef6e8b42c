// A service configuration (.cscfg), read as far as an update is judged by it: instances, settings, certificates and the
// guest OS of each role. Read with tolerance: what it does not know is compared as text.

export interface RoleConfiguration {
  readonly name: string;
  /** Null where it is no number. */
  readonly instances: number | null;
  readonly settings: ReadonlyMap<string, string>;
  /** Thumbprints by name. */
  readonly certificates: ReadonlyMap<string, string>;
}

export interface ServiceConfiguration {
  /** As written; null where Azure chooses. */
  readonly osFamily: string | null;
  readonly osVersion: string | null;
  readonly roles: readonly RoleConfiguration[];
  /** The network's part without its white space; empty where there is none. */
  readonly network: string;
}

/** Null for a text that is no service configuration. */
export function readServiceConfiguration(text: string): ServiceConfiguration | null {
  const xml = text.replace(/<!--[\s\S]*?-->/g, '');
  const [root] = elements(xml, 'ServiceConfiguration');
  if (root === undefined) return null;
  const roles = elements(root.body, 'Role').map(roleOf);
  if (roles.some((role) => role === null)) return null;
  const [network] = elements(root.body, 'NetworkConfiguration');
  return {
    osFamily: root.attributes.get('osFamily') ?? null,
    osVersion: root.attributes.get('osVersion') ?? null,
    roles: roles.filter((role) => role !== null),
    network: (network?.body ?? '').replace(/\s+/g, ' ').replaceAll('> <', '><').trim(),
  };
}

const ROLE = /<(?:\w+:)?Role\s[^>]*>[\s\S]*?<\/(?:\w+:)?Role\s*>/g;
const COUNT = /(<(?:\w+:)?Instances\s[^>]*?\bcount\s*=\s*["'])\d+/;

/** The text with at least so many instances of roles, by their names in lower case. */
export function withInstances(text: string, least: ReadonlyMap<string, number>): string {
  return text.replace(ROLE, (written) => {
    const [element] = elements(written, 'Role');
    const role = element === undefined ? null : roleOf(element);
    const wanted = least.get(role?.name.toLowerCase() ?? '') ?? 0;
    return wanted > (role?.instances ?? wanted) ? written.replace(COUNT, `$1${wanted}`) : written;
  });
}

function roleOf({ attributes, body }: Element): RoleConfiguration | null {
  const name = attributes.get('name');
  if (!name) return null;
  const written = elements(body, 'Instances')[0]?.attributes.get('count') ?? '';
  return {
    name,
    instances: /^\d+$/.test(written) ? Number(written) : null,
    settings: pairs(body, 'Setting', 'value'),
    certificates: pairs(body, 'Certificate', 'thumbprint'),
  };
}

function pairs(body: string, tag: string, value: string): ReadonlyMap<string, string> {
  return new Map(
    elements(body, tag).map(({ attributes }) => [attributes.get('name') ?? '', attributes.get(value) ?? '']),
  );
}

interface Element {
  readonly attributes: ReadonlyMap<string, string>;
  readonly body: string;
}

/** All elements of a tag, with any namespace prefix; none of the tags here is ever inside one of its own. */
function elements(xml: string, tag: string): Element[] {
  const attributes = `((?:\\s+[\\w:.-]+\\s*=\\s*(?:"[^"]*"|'[^']*'))*)`;
  const pattern = new RegExp(
    `<(?:\\w+:)?${tag}${attributes}\\s*(?:/>|>([\\s\\S]*?)</(?:\\w+:)?${tag}\\s*>)`,
    'g',
  );
  return [...xml.matchAll(pattern)].map(([, head = '', body = '']) => ({
    attributes: attributesOf(head),
    body,
  }));
}

function attributesOf(head: string): ReadonlyMap<string, string> {
  const found = head.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return new Map([...found].map(([, name = '', double, single]) => [name, decoded(double ?? single ?? '')]));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|amp|lt|gt|quot|apos);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

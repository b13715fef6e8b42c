// Which instance stands in which domain, as a run writes it down: a run that was killed goes on with the same map.
import { z } from 'zod';
import { compareIds } from './role-instance.ts';

export interface DomainMap {
  /** Of the roles that have no update domains of their own. It stays as it was when the update began. */
  readonly virtualDomains: number;
  /** By role and id of the instance: the number of its domain, counted from 0. */
  readonly roles: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const FORMAT = 1;

/** What ids have in common is written once: names of machines are long, and what holds the text is small. */
const writtenRole = z.object({
  role: z.string(),
  prefix: z.string(),
  domains: z.array(z.tuple([z.number().int().nonnegative(), z.array(z.string())])),
});
const writtenMap = z.object({
  format: z.literal(FORMAT),
  virtualDomains: z.number().int().positive(),
  roles: z.array(writtenRole),
});

/** As one line of JSON, about ten characters an instance of a Flexible scale set. */
export function writeDomainMap({ virtualDomains, roles }: DomainMap): string {
  const written: z.infer<typeof writtenMap> = {
    format: FORMAT,
    virtualDomains,
    roles: [...roles].map(([role, domainOf]) => {
      const prefix = commonPrefix([...domainOf.keys()]);
      return { role, prefix, domains: byDomain(domainOf, prefix.length) };
    }),
  };
  return JSON.stringify(written);
}

/** Null for a text that is none, was cut off, or puts an instance into two domains. */
export function readDomainMap(text: string): DomainMap | null {
  const parsed = writtenMap.safeParse(jsonOf(text));
  if (!parsed.success) return null;
  const roles = new Map<string, Map<string, number>>();
  for (const { role, prefix, domains } of parsed.data.roles) {
    if (roles.has(role)) return null;
    const domainOf = new Map<string, number>();
    roles.set(role, domainOf);
    for (const [domain, endings] of domains) {
      for (const ending of endings) {
        const id = prefix + ending;
        if (domainOf.has(id)) return null;
        domainOf.set(id, domain);
      }
    }
  }
  return { virtualDomains: parsed.data.virtualDomains, roles };
}

function byDomain(domainOf: ReadonlyMap<string, number>, prefixLength: number): [number, string[]][] {
  const domains = Map.groupBy(domainOf, ([, domain]) => domain);
  return [...domains]
    .toSorted(([one], [other]) => one - other)
    .map(([domain, entries]) => {
      const ids = entries.map(([id]) => id).toSorted(compareIds);
      return [domain, ids.map((id) => id.slice(prefixLength))];
    });
}

function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

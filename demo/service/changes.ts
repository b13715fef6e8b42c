// What happened between two looks at the instances of a service, in words.
import { domainsOf, type InstanceSeen, inDomain, type Picture } from './picture.ts';

/** A few words a domain; none where nothing changed. */
export function changesBetween(before: Picture, after: Picture): string[] {
  return domainsOf(after).flatMap((domain) => {
    const known = new Map(inDomain(before, domain).map((instance) => [instance.name, instance]));
    const changed = inDomain(after, domain).filter((now) => !isSame(known.get(now.name), now));
    const kinds = Map.groupBy(changed, wordsOf);
    return [...kinds].map(([words, some]) => `domain ${domain}: ${some.length} ${words}`);
  });
}

function wordsOf({ state, version }: InstanceSeen): string {
  switch (state) {
    case 'serves':
      return `serve on ${version}`;
    case 'broken':
      return `broken on ${version}`;
    case 'down':
      return 'down';
  }
}

function isSame(one: InstanceSeen | undefined, other: InstanceSeen): boolean {
  return one?.state === other.state && one.version === other.version;
}

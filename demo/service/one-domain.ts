// The promise of a walk: instances of one update domain are out of service, and no others.
import { domainsOf, inDomain, instancesOf, type Picture, serving } from './picture.ts';

/** What breaks the promise in one look, in a sentence; null where it is kept. */
export function brokenPromise(picture: Picture): string | null {
  const out = domainsOf(picture).filter((domain) => {
    const instances = inDomain(picture, domain);
    return serving(instances) < instances.length;
  });
  if (out.length > 1) return `domains ${out.join(' and ')} were out of service at once`;
  const nobody = picture.find((role) => serving(instancesOf([role])) === 0);
  return nobody ? `no instance of ${nobody.role} was in service` : null;
}

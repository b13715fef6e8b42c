// The walk of a domain: the platform stops its instances of all roles, updates and starts them.
import { persist } from '../persist.ts';
import { type CloudParts, readPair, refuseForeign } from './service-pair.ts';

/**
 * As ServiceTarget.walk. A walk whose end was not seen is asked for again once Azure is not busy any more: instances that
 * are up to date are left alone by it.
 */
export async function walkDomain(parts: CloudParts, domain: number, signal: AbortSignal): Promise<void> {
  const { compute, config, service } = parts;
  const what = `update domain ${domain} of cloud service ${service.service}`;
  // The walk that a run before has begun may still be under way, for as long as an instance may take to start.
  const withinMs = config.walk.startTimeoutMs;
  await persist(parts, { what, withinMs, signal }, async () => {
    const { subject } = await readPair(parts);
    refuseForeign(parts, subject);
    await compute.cloudServices.walk(subject.ref, domain, signal);
  });
}

// A swap that meets any other write leaves both services in an error that they do not recover from (Microsoft's page on
// swapping cloud services), and Azure does not tell that one is under way. So it is written down before it begins.
import type { Tags } from '../record-tags.ts';
import { type CloudParts, readService, refsOf } from './service-pair.ts';

export const SWAP_TAG = 'rolling-upgrade-swap';
/** "10 or more seconds", and what a retry takes. From then on nobody waits for it. */
export const SWAP_MS = 2 * 60_000;

/** When a swap that was begun is over at the latest, in milliseconds since the epoch; 0 where none was. */
export async function swapEndsAt(parts: CloudParts): Promise<number> {
  const refs = refsOf(parts);
  // In place there is nothing to swap with.
  if (refs.length === 1) return 0;
  const services = await Promise.all(refs.map((ref) => readService(parts, ref)));
  return Math.max(...services.map(({ tags }) => endOf(tags)));
}

function endOf(tags: Tags): number {
  const written = Object.entries(tags).find(([name]) => name.toLowerCase() === SWAP_TAG)?.[1] ?? '';
  const end = Date.parse(written);
  return Number.isNaN(end) ? 0 : end;
}

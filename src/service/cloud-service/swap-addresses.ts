// The pivot of `switch: swap`: the two services exchange their addresses.
import { AzureError } from '../../azure/errors.ts';
import type { CloudService } from '../../azure/ports/compute.ts';
import { UpgradeError } from '../../reasons.ts';
import {
  type CloudParts,
  isInTransition,
  readPair,
  readService,
  refuseForeign,
  type ServicePair,
} from './service-pair.ts';
import { writeTags } from './service-tags.ts';
import { SWAP_MS, SWAP_TAG, swapEndsAt } from './swap-mark.ts';

const MARK_WITHIN_MS = 60_000;
const LOOK_INTERVAL_MS = 2_000;

/**
 * Throws 'service-busy' while another operation is under way, or may be, 'swap-failed' where the two are no pair, and
 * AzureError; its `outcomeUnknown` is true where nobody could see what became of it.
 */
export async function swapAddresses(parts: CloudParts, signal: AbortSignal): Promise<void> {
  const pair = await readPair(parts);
  const { subject } = pair;
  refuseForeign(parts, subject);
  await refuseBusy(parts, pair);
  refuseNoPair(pair);
  await mark(parts, subject, new Date(parts.clock.now() + SWAP_MS).toISOString());
  signal.throwIfAborted();
  try {
    await parts.compute.cloudServices.swapAddresses(subject, signal);
  } catch (error) {
    await settle(parts, subject, error, signal);
    return;
  }
  await unmark(parts, subject);
}

/** Reads back what became of a swap without an answer. The mark stays: it may still be under way. */
async function settle(
  parts: CloudParts,
  before: CloudService,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (!(error instanceof AzureError) || !error.outcomeUnknown) {
    await unmark(parts, before);
    throw error;
  }
  const end = parts.clock.now() + SWAP_MS;
  while (!signal.aborted && parts.clock.now() < end) {
    const { slotType } = await readService(parts, before.ref);
    if (slotType !== null && slotType !== before.slotType) return;
    await parts.clock.sleep(LOOK_INTERVAL_MS, signal);
  }
  throw error;
}

async function refuseBusy(parts: CloudParts, { subject, partner }: ServicePair): Promise<void> {
  const busy = [subject, partner].find((service) => service !== null && isInTransition(service));
  const end = await swapEndsAt(parts);
  const isSwapping = end > parts.clock.now();
  if (!busy && !isSwapping) return;
  const what = busy
    ? `an operation on ${busy.ref.name} is under way (${busy.provisioningState})`
    : `another run has begun a swap, which may be under way until ${new Date(end).toISOString()}`;
  throw new UpgradeError(
    'service-busy',
    `The addresses were not swapped: ${what}. A swap that meets another operation breaks both services for good.`,
    { advice: ['Wait until it has ended, then start again.'] },
  );
}

function refuseNoPair({ subject, partner }: ServicePair): void {
  const isPair = partner !== null && subject.swappableWith?.toLowerCase() === partner.id.toLowerCase();
  if (isPair && subject.slotType !== null) return;
  throw new UpgradeError(
    'swap-failed',
    `The addresses were not swapped: ${subject.ref.name} ${isPair ? 'does not tell its slot' : `is no pair with ${partner?.ref.name ?? 'another service'}`}.`,
    { advice: ['Both have to be made as a pair: the second one with networkProfile.swappableCloudService.'] },
  );
}

function mark(parts: CloudParts, { ref }: CloudService, end: string | null): Promise<void> {
  return writeTags(parts, { ref, changes: () => ({ [SWAP_TAG]: end }), withinMs: MARK_WITHIN_MS });
}

/** What became of the swap is known by then; a mark that cannot be taken away lapses by itself. */
async function unmark(parts: CloudParts, service: CloudService): Promise<void> {
  try {
    await mark(parts, service, null);
  } catch (error) {
    if (!(error instanceof AzureError || error instanceof UpgradeError)) throw error;
  }
}

// "How an upgrade proceeds": all instances of each role that is being upgraded and belong to the first upgrade domain
// are stopped, upgraded and brought back online; then those of the second; until the last. The way back is the same in
// reverse, for what was upgraded, with the model put back first.
import type { Sequence } from '../engine/step.ts';
import type { Guard } from '../guards/guard.ts';
import { serviceGuards } from '../guards/service/service-guards.ts';
import type { ServiceObservation } from '../service/observe-service.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { walkOrder } from '../steps/domains/domain-order.ts';
import { finishUpdate, removeRecord } from '../steps/domains/finish-update.ts';
import { holdAutomation } from '../steps/domains/hold-automation.ts';
import { supersedeUpdate } from '../steps/domains/supersede-update.ts';
import { swapAddresses, swapBack } from '../steps/domains/swap-addresses.ts';
import { verifyService } from '../steps/domains/verify-service.ts';
import { noSuchDomain, walkDomain } from '../steps/domains/walk-domain.ts';
import { createWalkMemory } from '../steps/domains/walk-track.ts';
import { writeModel } from '../steps/domains/write-model.ts';
import { writeRecord } from '../steps/domains/write-record.ts';

export interface ServicePlan {
  readonly guards: readonly Guard<ServiceContext, ServiceObservation>[];
  readonly prepare: Sequence;
  /** What this run walks. */
  readonly upgrade: Sequence;
  /** `upgrade` with every domain: what a plan shows after `prepare`, and, undone, the whole way back. */
  readonly whole: Sequence;
  /** Empty in place. */
  readonly switch: Sequence;
  /** Users back on the version before, after a switch. Empty in place. */
  readonly swapBack: Sequence;
  readonly cleanup: Sequence;
}

/** @param observed before the phase: which domains there are, and which of them are updated or down. */
export function upgradeDomains(context: ServiceContext, observed: ServiceObservation): ServicePlan {
  const memory = createWalkMemory();
  const walk = (number: number) => {
    const instances = observed.spread.domains.find((domain) => domain.number === number)?.instances ?? [];
    return walkDomain(context, memory, number, instances.length);
  };
  const begin: Sequence = [
    ...(observed.isToBeWrittenOver ? [supersedeUpdate(context)] : []),
    holdAutomation(context),
    writeModel(context),
  ];
  const finish: Sequence = [verifyService(context, memory, 'upgrade'), finishUpdate(context)];
  const order = walkOrder(context, observed);
  const bySwap = context.config.switchMethod === 'swap';
  return {
    guards: serviceGuards(context.config),
    prepare: [writeRecord(context)],
    upgrade:
      order.kind === 'no-such-domain'
        ? [noSuchDomain(order.asked, observed)]
        : [...begin, ...order.numbers.map(walk), ...(order.completes ? finish : [])],
    whole: [...begin, ...observed.spread.domains.map(({ number }) => walk(number)), ...finish],
    switch: bySwap ? [verifyService(context, memory, 'switch'), swapAddresses(context)] : [],
    swapBack: bySwap ? [swapBack(context)] : [],
    cleanup: [removeRecord(context)],
  };
}

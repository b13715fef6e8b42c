// "Upgrading applications that rely on database backups for disaster recovery": option 1 of the article, one
// region. Numbers are the article's.
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { singleRegionGuards } from '../guards/single-region.ts';
import { createSecondary } from '../steps/create-secondary.ts';
import { drain } from '../steps/drain.ts';
import { failoverProfile } from '../steps/failover-profile.ts';
import { finishSwitch } from '../steps/finish-switch.ts';
import { freezeProduction } from '../steps/freeze.ts';
import { makeReady } from '../steps/make-ready.ts';
import { makeStageWritable } from '../steps/make-stage-writable.ts';
import { RETURN_MARKS } from '../steps/mark-stage.ts';
import { removeV1Database, removeV1Site } from '../steps/remove-v1.ts';
import { freezeV2, giveBackV1 } from '../steps/return-to-v1.ts';
import { runUpgradeScript } from '../steps/run-upgrade-script.ts';
import { stageSite } from '../steps/stage-site.ts';
import { switchSlots } from '../steps/switch-slots.ts';
import { switchTrafficManager } from '../steps/switch-traffic-manager.ts';
import { terminateLink } from '../steps/terminate-link.ts';
import { verifyPublic } from '../steps/verify-public.ts';
import { verifyServing } from '../steps/verify-serving.ts';
import { verifyStage } from '../steps/verify-stage.ts';
import { verifyV1, withVersion } from '../steps/verify-v1.ts';
import { waitForDns } from '../steps/wait-for-dns.ts';
import { waitForSeeding } from '../steps/wait-for-seeding.ts';
import type { TopologyPlan } from './topology.ts';

export function singleRegion(context: UpgradeContext, v1Version: string | null): TopologyPlan {
  const bySlotSwap = context.config.switchMethod === 'slot-swap';
  const pivot = bySlotSwap ? switchSlots : switchTrafficManager;
  return {
    guards: singleRegionGuards(context.config),
    prepare: [
      createSecondary(context), // (1)
      waitForSeeding(context), // (1)
      stageSite(context), // (1)
      ...(bySlotSwap ? [] : [failoverProfile(context)]), // (2)
    ],
    upgrade: [
      makeReady(context),
      freezeProduction(context), // (3), taken back by (8)
      drain(context), // (4)
      terminateLink(context), // (4)
      makeStageWritable(context), // (5), tidied by (9)
      runUpgradeScript(context), // (5)
    ],
    switch: [
      verifyStage(context),
      pivot(context), // (6)
      verifyPublic(context),
    ],
    finishSwitch: [finishSwitch(context)],
    cleanup: [
      waitForDns(context),
      verifyServing(context),
      removeV1Database(context), // (7)
      removeV1Site(context), // (7)
    ],
    returnToV1: [
      verifyV1(context, v1Version),
      freezeV2(context),
      giveBackV1(context),
      pivot(context, RETURN_MARKS),
      verifyPublic(withVersion(context, v1Version), RETURN_MARKS),
    ],
  };
}

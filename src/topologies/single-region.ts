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
import { RETURN_MARKS, SWITCH_MARKS } from '../steps/mark-stage.ts';
import { nothingRead } from '../steps/read-ahead.ts';
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
import { numbered } from './article.ts';
import type { TopologyPlan } from './topology.ts';

export function singleRegion(context: UpgradeContext, v1Version: string | null): TopologyPlan {
  const bySlotSwap = context.config.switchMethod === 'slot-swap';
  const pivot = bySlotSwap ? switchSlots : switchTrafficManager;
  const ahead = nothingRead();
  return {
    guards: singleRegionGuards(context.config),
    prepare: [
      numbered('(1)', createSecondary(context), '(9)'),
      numbered('(1)', waitForSeeding(context)),
      numbered('(1)', stageSite(context)),
      ...(bySlotSwap ? [] : [numbered('(2)', failoverProfile(context))]),
    ],
    upgrade: [
      makeReady(context, ahead),
      numbered('(3)', freezeProduction(context), '(8)'),
      numbered('(4)', drain(context)),
      numbered('(4)', terminateLink(context, ahead)),
      numbered('(5)', makeStageWritable(context), '(9)'),
      numbered('(5)', runUpgradeScript(context), '(9)'),
    ],
    switch: [
      verifyStage(context, ahead),
      numbered('(6)', pivot(context, SWITCH_MARKS, ahead)),
      verifyPublic(context),
    ],
    finishSwitch: [finishSwitch(context)],
    cleanup: [
      waitForDns(context),
      verifyServing(context),
      numbered('(7)', removeV1Database(context)),
      numbered('(7)', removeV1Site(context)),
    ],
    returnToV1: [
      verifyV1(context, v1Version),
      freezeV2(context),
      numbered('(8)', giveBackV1(context)),
      pivot(context, RETURN_MARKS),
      verifyPublic(withVersion(context, v1Version), RETURN_MARKS),
    ],
  };
}

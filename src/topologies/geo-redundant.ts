// "Upgrading applications that rely on database geo-replication for disaster recovery": option 2 of the article, two
// regions. Numbers are the article's.
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { Sequence } from '../engine/step.ts';
import { geoRedundantGuards } from '../guards/geo-redundant.ts';
import { createSecondary, createStandbySecondary } from '../steps/create-secondary.ts';
import { drain } from '../steps/drain.ts';
import { drainStandby } from '../steps/drain-standby.ts';
import { carryFailoverGroup } from '../steps/failover-group.ts';
import { failoverProfile } from '../steps/failover-profile.ts';
import { finishSwitch } from '../steps/finish-switch.ts';
import { freezeProduction } from '../steps/freeze.ts';
import { makeReady } from '../steps/make-ready.ts';
import { makeStageWritable } from '../steps/make-stage-writable.ts';
import { RETURN_MARKS, SWITCH_MARKS } from '../steps/mark-stage.ts';
import { nothingRead } from '../steps/read-ahead.ts';
import { removeV1Database, removeV1Site } from '../steps/remove-v1.ts';
import { removeV1FailoverGroup } from '../steps/remove-v1-failover-group.ts';
import { removeV1Standby, removeV1StandbySite } from '../steps/remove-v1-standby.ts';
import { freezeV2, giveBackV1 } from '../steps/return-to-v1.ts';
import { runUpgradeScript } from '../steps/run-upgrade-script.ts';
import { stageSite, standbySite } from '../steps/stage-site.ts';
import { swapStandby } from '../steps/swap-standby.ts';
import { switchSlots } from '../steps/switch-slots.ts';
import { switchTrafficManager } from '../steps/switch-traffic-manager.ts';
import { terminateLink } from '../steps/terminate-link.ts';
import { verifyPublic } from '../steps/verify-public.ts';
import { verifyServing } from '../steps/verify-serving.ts';
import { verifyStage } from '../steps/verify-stage.ts';
import { verifyStandby } from '../steps/verify-standby.ts';
import { verifyV1, withVersion } from '../steps/verify-v1.ts';
import { waitForDns } from '../steps/wait-for-dns.ts';
import { waitForSeeding, waitForStandbySeeding } from '../steps/wait-for-seeding.ts';
import { numbered } from './article.ts';
import type { TopologyPlan } from './topology.ts';

export function geoRedundant(context: UpgradeContext, v1Version: string | null): TopologyPlan {
  const { config } = context;
  const bySlotSwap = config.switchMethod === 'slot-swap';
  const pivot = bySlotSwap ? switchSlots : switchTrafficManager;
  const ahead = nothingRead();
  const chained = config.standbyMode === 'chained';
  const inGroups = config.slots.some((slot) => slot.failoverGroup !== null);
  const standbyDatabase: Sequence = [
    numbered('(3)', createStandbySecondary(context)),
    numbered('(3)', waitForStandbySeeding(context)),
  ];
  const script = numbered('(8)', runUpgradeScript(context), '(13)');
  return {
    guards: geoRedundantGuards(config),
    prepare: [
      {
        sideBySide: [
          [
            numbered('(1)', createSecondary(context), '(13)'),
            numbered('(1)', waitForSeeding(context)),
            ...(chained ? standbyDatabase : []),
          ],
          [numbered('(1)', stageSite(context))],
          [numbered('(4)', standbySite(context))],
        ],
      },
      ...(bySlotSwap ? [] : [numbered('(5)', failoverProfile(context))]),
    ],
    upgrade: [
      makeReady(context, ahead),
      numbered('(6)', freezeProduction(context), '(12)'),
      numbered('(7)', drain(context)),
      numbered('(7)', terminateLink(context, ahead)),
      numbered('(8)', makeStageWritable(context), '(13)'),
      ...(chained ? [script] : [{ sideBySide: [[script], standbyDatabase] }]),
      numbered('(8)', drainStandby(context)),
    ],
    switch: [
      { sideBySide: [[verifyStage(context, ahead)], [verifyStandby(context, ahead)]] },
      ...(bySlotSwap ? [swapStandby(context)] : []),
      numbered('(9)', pivot(context, SWITCH_MARKS, ahead)),
      verifyPublic(context),
      ...(inGroups ? [carryFailoverGroup(context, 'stage')] : []),
    ],
    finishSwitch: [finishSwitch(context), ...(inGroups ? [carryFailoverGroup(context, 'production')] : [])],
    cleanup: [
      waitForDns(context),
      verifyServing(context),
      removeV1FailoverGroup(context),
      numbered('(10)', removeV1Standby(context)),
      numbered('(10)', removeV1StandbySite(context)),
      numbered('(11)', removeV1Database(context)),
      numbered('(11)', removeV1Site(context)),
    ],
    returnToV1: [
      verifyV1(context, v1Version),
      freezeV2(context),
      numbered('(12)', giveBackV1(context)),
      ...(bySlotSwap ? [swapStandby(context)] : []),
      pivot(context, RETURN_MARKS),
      verifyPublic(withVersion(context, v1Version), RETURN_MARKS),
    ],
  };
}

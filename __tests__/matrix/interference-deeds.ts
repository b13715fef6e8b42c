// What somebody else does to the application in the middle of a run: a person with the portal or a shell, as the commands that
// do the same, or another run.
import {
  type ContosoSlot,
  DATABASE,
  SWAPPED_SITES,
  siteHost,
  TRAFFIC,
} from '../../local-azure/topologies/contoso.ts';
import { sqlByHand } from '../acceptance/by-hand.ts';
import { carryOut, commandsIn } from '../acceptance/person.ts';
import { ending } from './ending.ts';
import type { Deed } from './interference-deed.ts';
import { groupOf, isGeoSecondary, isServedElsewhere, type Place, ttlOf } from './interference-place.ts';
import { RUNS } from './interference-runs.ts';
import type { WorldKind } from './world.ts';

const shell = (
  name: string,
  commands: (place: Place) => readonly string[],
  more: Partial<Deed> = {},
): Deed => ({
  name,
  do: async (place) => {
    await carryOut(place.azure, commands(place));
    return null;
  },
  ...more,
});

const database = ({ primary }: ContosoSlot) =>
  `-g ${primary.resourceGroup} -s ${primary.sqlServer} -n ${DATABASE}`;
const profile = `-g ${TRAFFIC.resourceGroup} -n ${TRAFFIC.profile}`;
const endpoint = ({ primary }: ContosoSlot) =>
  `-g ${TRAFFIC.resourceGroup} --profile-name ${TRAFFIC.profile} --type externalEndpoints -n ${primary.endpoint}`;

const access = (
  name: string,
  side: 'production' | 'stage',
  mode: 'READ_ONLY' | 'READ_WRITE',
  more: Partial<Deed> = {},
): Deed => ({
  ...more,
  name,
  do: async ({ azure, ...slots }) => {
    const server = slots[side].primary.sqlServer;
    await sqlByHand(azure, server, `ALTER DATABASE [${DATABASE}] SET ${mode} WITH ROLLBACK IMMEDIATE;`);
    return null;
  },
});

const UNFREEZE = access('unfreezes production', 'production', 'READ_WRITE', {
  // Once users are on V2 the person has opened what the tool had closed, and nobody closes it again.
  excuses: [/^law 1: users are on V2, and V1's database/],
  // Opened between the last look and the write that moves users: the run has to find it afterwards, and what was written there.
  excusesWhereTold: {
    reason: 'production-frozen-elsewhere',
    excuses: [
      /^law 1: at a time users could write to \S+ and \S+$/,
      /^law 1: \S+ acknowledged order \S+ after \S+ had acknowledged /,
      /^law 4: order .* is (not where users are in the end|in \S+ and not in \S+, which serves)$/,
      /^law 4: \S+ knew nothing of order .* after users had been told of it$/,
    ],
  },
});
const FREEZE = access('freezes production', 'production', 'READ_ONLY', {
  takeBack: async ({ azure, production }, acted) => {
    const { sqlServer } = production.primary;
    // As the run tells it: where slots are swapped no profile says where users are.
    const usersOn = ending(acted).report?.productionSlot ?? production.name;
    if (!azure.fabric.isReadOnly(sqlServer, DATABASE) || usersOn !== production.name) return;
    await sqlByHand(azure, sqlServer, `ALTER DATABASE [${DATABASE}] SET READ_WRITE WITH ROLLBACK IMMEDIATE;`);
  },
  // It is the person's freeze, which the tool leaves alone; that it is there has to be said.
  excuses: [/^law 2: .* ended refused: .*PRODUCTION IS READ-ONLY/],
});
const DELETE_STAGE = shell(
  'deletes the stage database',
  ({ stage }) => [`az sql db delete ${database(stage)} -y`],
  {
    // A geo-secondary outlives its primary and takes writes. Where slots are swapped the backup region's site may be on it by then,
    // without users, until the run has swapped it back.
    excuses: [/^law 10: users can write to \S+ and contoso-sql-(3|dr)$/],
    // It is users' database by then, or the next moment: what they wrote is gone with it, until a person has restored it.
    excusesOncePivoted: [
      /^law 7: users are on \S+, and its database on \S+ is not there/,
      /^law 7: at a time \S+ was not on \S+, which served users/,
      /^law 7: \S+ on \S+ was deleted while it served users/,
      /^law 10: \S+ serves users without protection: no link/,
      /^law 5: in the end nobody serves users/,
      /^law 8: (".*" does not come to its end|the state at the end is unknown)/,
      // The last call may have been the run's last look, which is what it tells.
      /^law 11: .* \(\S+ succeeded\. Users are on \S+ \(version [\d.]+\) and can read and write\.\)/,
    ],
  },
);
const CUT = shell('removes the link', ({ production, stage }) => [
  `az sql db replica delete-link ${database(production)} --partner-resource-group ${stage.primary.resourceGroup} --partner-server ${stage.primary.sqlServer} -y`,
]);
/** Where V2's database takes writes already, it is the person who opens it to users beside V1's. */
const ENABLE = shell(
  'enables the stage endpoint',
  ({ stage }) => [`az network traffic-manager endpoint update ${endpoint(stage)} --endpoint-status Enabled`],
  { excuses: [/^law 10: users can write to \S+ and \S+$/] },
);
/** Once users are on V2 it is the person who sends them nowhere, until the endpoint is there again. */
const NOWHERE = [
  /^law 5: (users are sent to nobody|at a time users were sent to nobody|in the end nobody serves)/,
];
const REMOVE_ENDPOINT = shell(
  'removes the stage endpoint',
  ({ stage }) => [`az network traffic-manager endpoint delete ${endpoint(stage)}`],
  {
    takeBack: async ({ azure, production, stage }) => {
      if (!isServedElsewhere(azure, production)) return;
      const again = `${endpoint(stage)} --endpoint-status Enabled --priority 1 --target ${siteHost(stage.primary.site)}`;
      await carryOut(azure, [`az network traffic-manager endpoint create ${again}`]);
    },
    excuses: NOWHERE,
  },
);
const CHANGE_TTL = shell(
  'changes the TTL',
  () => [`az network traffic-manager profile update ${profile} --ttl 7`],
  {
    kept: ({ azure }) =>
      ttlOf(azure) === 7 ? null : `the TTL is ${ttlOf(azure)} again, though a person set 7`,
  },
);
const STOP_SITE = shell(
  "stops V2's site",
  ({ production, stage, swap }) => {
    const slot = ` --slot ${SWAPPED_SITES.deploymentSlot}`;
    if (swap)
      return [`az webapp stop -g ${production.primary.resourceGroup} -n ${SWAPPED_SITES.primary}${slot}`];
    return [`az webapp stop -g ${stage.primary.resourceGroup} -n ${stage.primary.site}`];
  },
  {
    excuses: [
      ...NOWHERE,
      // In two regions Traffic Manager takes them to the other one by itself, where they can only read: the run has to say that.
      /^law 2: contoso-sql-(dr|3) is read-only .*THEY ARE SENT TO/,
      /^law 11: (state|"PRODUCTION IS READ-ONLY") was told as .*THEY ARE SENT TO/,
    ],
  },
);
/** Whoever moves users by hand moves them also to an upgrade that is not complete. */
const MOVED_TOO_EARLY = [
  /^law 5: at a time V2 served users on .*, which was not upgraded/,
  // The copy's journal says that its upgrade was not complete; from outside it looks like any other V2 that serves.
  /^law 11: state was told as compromised, is switched/,
];
/**
 * Whoever moves users by hand to an upgrade that was given up leaves V1's database open, as it was given back, and in it
 * what users have written since.
 */
const MOVED_TOO_LATE = [
  /^law 4: /,
  /^law 1: users are on V2, and V1's database/,
  /^law 1: at a time users could write to \S+ and \S+$/,
];
/** Whoever swaps while V1 is being deleted sends users to what is not there any more. */
const MOVED_TO_NOTHING = {
  call: /^arm DELETE .*\/databases\/[^/]+$/i,
  excuses: [
    /^law 7: users are on \S+, and its database on \S+ is not there/,
    /^law 7: at a time \S+ was not on \S+, which served users/,
    /^law 8: (".*" does not come to its end|the state at the end is unknown)/,
    /^law 5: in the end nobody serves users/,
  ],
};
const swapCommands = ({ azure }: Place) => [
  `az webapp deployment slot swap -g ${groupOf(azure, SWAPPED_SITES.primary)} -n ${SWAPPED_SITES.primary} --slot ${SWAPPED_SITES.deploymentSlot} --target-slot production`,
];
/** On the way back to V1 the run tells whoever has sent users to V2 meanwhile to send them to V1 again. */
const backToV1 =
  (commands: (place: Place) => readonly string[]): NonNullable<Deed['takeBack']> =>
  async (place, acted) => {
    const { report } = ending(acted);
    const isReturn = report?.phases.includes('rollback') && report.productionSlot === place.production.name;
    if (isReturn && report?.reasonCode === 'switch-outcome-unknown')
      await carryOut(place.azure, commands(place));
  };
/** Sent to a copy that is a geo-secondary still users can only read: the run says so, and with which commands that ends. */
const TOLD_TOO_EARLY = {
  reason: 'region-mismatch',
  excuses: [
    /^law 5: V2 serves users on \S+, which is not upgraded/,
    /^law 1: users are on V2, and V1's database on \S+ can be written/,
    /^law 10: \S+ serves users without protection: \S+ > \S+ CATCH_UP/,
    /^law 7: at a time \S+ was not on \S+, which served users/,
  ],
} as const;
const SWAP = shell('swaps the slots', swapCommands, {
  takeBack: async (place, acted) => {
    await backToV1(swapCommands)(place, acted);
    if (ending(acted).report?.reasonCode !== TOLD_TOO_EARLY.reason) return;
    const told = commandsIn(acted)
      .flat()
      // Of two regions only that one was swapped.
      .filter(
        (command) => command.includes(`slot swap`) && command.includes(` -n ${SWAPPED_SITES.primary} `),
      );
    await carryOut(place.azure, [...new Set(told)]);
  },
  excusesWhereTold: TOLD_TOO_EARLY,
  excuses: MOVED_TOO_EARLY,
  excusesOfWayBack: MOVED_TOO_LATE,
  excusesOnceSent: MOVED_TO_NOTHING,
});
const SWITCH = shell(
  'switches users by hand',
  ({ production, stage }) => [
    `az network traffic-manager endpoint update ${endpoint(stage)} --endpoint-status Enabled`,
    `az network traffic-manager endpoint update ${endpoint(production)} --endpoint-status Disabled`,
  ],
  {
    excuses: [
      ...MOVED_TOO_EARLY,
      // In two regions the standby beside V1 comes before V2's endpoint: users are there, read-only, and V2 is open to whoever comes by it.
      /^law 10: users can write to \S+ and \S+$/,
      /^law 10: contoso-sql-(dr|3) serves users without protection: /,
      /^law 11: state was told as upgraded, is frozen/,
    ],
    excusesOfWayBack: MOVED_TOO_LATE,
  },
);
/** In every region, with the site that users can write to first. */
function moveByHand(from: ContosoSlot, to: ContosoSlot): string[] {
  const set = (name: string, status: string) =>
    `az network traffic-manager endpoint update -g ${TRAFFIC.resourceGroup} --profile-name ${TRAFFIC.profile} --type externalEndpoints -n ${name} --endpoint-status ${status}`;
  const names = ({ primary, backup }: ContosoSlot) => [primary, ...(backup ? [backup] : [])];
  return [
    ...names(to).map(({ endpoint: name }) => set(name, 'Enabled')),
    ...names(from).map(({ endpoint: name }) => set(name, 'Disabled')),
  ];
}
/** Before users were moved it changes nothing; afterwards they are on V1 again, which the upgrade has closed. */
const SEND_BACK = shell(
  'sends users back by hand',
  ({ production, stage }) => moveByHand(stage, production),
  {
    excusesOnceSent: MOVED_TO_NOTHING,
    // A region at a time: V2's standby is there by itself for a moment.
    excuses: [/^law 10: contoso-sql-(dr|3) serves users without protection: /],
    takeBack: backToV1(({ production, stage }) => moveByHand(production, stage)),
  },
);
const FAIL_OVER = shell(
  'fails production over, planned',
  ({ production: { backup } }) => [
    `az sql db replica set-primary -g ${backup?.resourceGroup} -s ${backup?.sqlServer} -n ${DATABASE}`,
  ],
  {
    // Traffic Manager knows nothing of it, and the person has not told it: users can only read. A run that is green over that
    // is not excused.
    excuses: [
      /^law 2: \S+ is read-only after a run that ended (held|refused|rolled-back): .*THEY ARE SENT TO/,
      /^law 11: (state|"PRODUCTION IS READ-ONLY") was told as .*THEY ARE SENT TO/,
      /^law 10: \S+ serves users without protection: .*contoso-sql-(dr|3) > contoso-sql-[12] /,
    ],
  },
);
/** The link that the upgrade is made with has a primary as well, and a person may take the wrong one. */
const FAIL_OVER_TO_STAGE = shell(
  'fails over to the stage database, planned',
  ({ stage }) => [`az sql db replica set-primary ${database(stage)}`],
  {
    takeBack: async ({ azure, production }, acted) => {
      // The person was not let, or the stage database was on its way out and is gone.
      if (!isGeoSecondary(azure, production)) return;
      const told = commandsIn(acted)
        .flat()
        .filter((command) => command.includes('replica set-primary'));
      // A run that had nothing to do with it by then tells that users cannot write, and no command.
      const back = told.length > 0 ? told : [`az sql db replica set-primary ${database(production)}`];
      await carryOut(azure, [...new Set(back)]);
    },
    // Until the person takes it back users cannot write; the run says so, and with which command that ends.
    excuses: [/^law 2: .*PRODUCTION IS READ-ONLY/],
    // The failover takes the geo-secondary in the backup region along. Where the stage database is deleted in the same
    // moment, which no look comes before, that one is left to itself.
    excusesWhileHeldUp: {
      call: /^arm DELETE .*\/databases\/[^/]+$/,
      excuses: [/^law 10: users can write to \S+ and contoso-sql-dr$/],
    },
  },
);

/** What is tried in a world, at every point of a journey. */
export function deedsFor({ name }: Pick<WorldKind, 'name'>): readonly Deed[] {
  return [
    UNFREEZE,
    FREEZE,
    DELETE_STAGE,
    CUT,
    STOP_SITE,
    FAIL_OVER_TO_STAGE,
    ...(name.endsWith('slot-swap') ? [SWAP] : [ENABLE, REMOVE_ENDPOINT, CHANGE_TTL, SWITCH, SEND_BACK]),
    ...(name.startsWith('geo') ? [FAIL_OVER] : []),
    ...RUNS,
  ];
}

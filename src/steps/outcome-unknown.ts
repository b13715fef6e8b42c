// The way back stops where it cannot be told whether users were switched: what is said of that, and what a person can do.
import { pivotOnRecord } from '../application/pivot-on-record.ts';
import { switchOutcomeUnknown } from '../application/settle-pivot.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { UpgradeError } from '../reasons.ts';
import { unfreezeCommand } from './unfreeze-command.ts';

/** Says that the switch was sent only where a database says so. Never throws. */
export async function outcomeUnknown(context: UpgradeContext, cause: unknown): Promise<UpgradeError> {
  if ((await pivotOnRecord(context)) === 'tried') return switchOutcomeUnknown(context, cause);
  const { production, stage } = context;
  return new UpgradeError(
    'switch-outcome-unknown',
    `It is not known whether users were switched to ${stage.config.name}: what would tell does not answer (${stage.server.name} may say that a switch was sent). Production ${production.config.name} is left as it is, so that no write is lost`,
    {
      cause,
      advice: [
        'As soon as Azure answers again run phase status: it says where users are. Then run rollback.',
        [
          `If you know that nobody was switched (the activity log of ${whatIsSwitched(context)} has no such change since production was frozen), give it back by hand:`,
          ...context.databases.map(({ name }) => unfreezeCommand(context, name)),
        ].join('\n'),
      ],
    },
  );
}

function whatIsSwitched({ config }: UpgradeContext): string {
  const [first] = config.slots;
  return config.switchMethod === 'slot-swap' || !config.trafficManager
    ? `web app ${first.webApp}`
    : `profile ${config.trafficManager.profile}`;
}

// A resource of the service that is not there. Its subscription is named: the wrong one is what it mostly is.
import { resourceGroupPath } from '../azure/resource-id.ts';
import { UpgradeError } from '../reasons.ts';
import { azFor } from './az-command.ts';

interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
}

/** @param list the words of the command that lists what there is. */
export function resourceNotFound(
  what: string,
  { subscriptionId, resourceGroup }: Place,
  list: readonly string[],
): UpgradeError {
  const shown = azFor(
    resourceGroupPath(subscriptionId, resourceGroup),
    ...[...list, '--resource-group', resourceGroup, '--output', 'table'],
  );
  return new UpgradeError(
    'resource-not-found',
    `There is no ${what} in resource group ${resourceGroup} of subscription ${subscriptionId}.`,
    {
      advice: [`Check the names in the configuration, and the input subscription-id, against: ${shown}`],
    },
  );
}

// Commands of the Azure CLI about a resource. They name its subscription: a person's own default is often another one,
// where a resource of the same name would be changed.
import { partOf } from '../azure/resource-id.ts';
import { command } from '../engine/command-line.ts';

/** `az … --subscription ID`, with the subscription of the resource id, where it has one. */
export function azFor(resourceId: string | null, ...words: string[]): string {
  const subscription = resourceId === null ? null : partOf(resourceId, 'subscriptions');
  return command('az', ...words, ...(subscription === null ? [] : ['--subscription', subscription]));
}

// Which app a call names, for routes that exist for a site and for its slots alike.
import type { ArmCall, Handler, Route } from '../core/call.ts';
import { refusedByWeb, resourceNotFound } from '../core/errors.ts';
import type { Operation } from '../core/operations.ts';
import type { App } from './model.ts';
import { SITE, SLOT } from './model.ts';
import type { WebRegistry } from './registry.ts';

export type AppHandler = (call: ArmCall, slot: string | null) => ReturnType<Handler>;

/** The same route twice: below sites/{site} and below sites/{site}/slots/{slot}. */
export function forBoth(method: Route['method'], path: string, action: string, handle: AppHandler): Route[] {
  return [
    {
      method,
      template: `${SITE}${path}`,
      action: `Microsoft.Web/sites/${action}`,
      handle: (call) => handle(call, null),
    },
    {
      method,
      template: `${SLOT}${path}`,
      action: `Microsoft.Web/sites/slots/${action}`,
      handle: (call) => handle(call, call.param('slot')),
    },
  ];
}

/** Throws 404 ResourceNotFound, as resource manager says it. */
export function requireApp(registry: WebRegistry, call: ArmCall, slot: string | null): App {
  const [group, site] = [call.param('group'), call.param('site')];
  const app = registry.app(group, site, slot);
  if (app !== null) return app;
  throw resourceNotFound(`Microsoft.Web/sites/${site}${slot === null ? '' : `/slots/${slot}`}`, group);
}

/** The swap that is under way between slots of a site; null where none is. */
export function swapUnderWay(
  registry: WebRegistry,
  { site, group }: { readonly site: string; readonly group: string },
): Operation | null {
  return registry.context.operations.running(swapLock(registry, { site, group }));
}

/** What a swap keeps everybody else off: the site with all its slots. */
export function swapLock(
  registry: WebRegistry,
  { site, group }: { readonly site: string; readonly group: string },
): string {
  return `${registry.appId({ group, site, slot: null })}#swap`;
}

/** Throws 409 while a swap is under way on the site. */
export function refuseWhileSwapping(registry: WebRegistry, site: string, group: string): void {
  const operation = swapUnderWay(registry, { site, group });
  if (operation === null) return;
  throw refusedByWeb(
    409,
    'Conflict',
    `Cannot modify this site because another operation is in progress. Details: Id: ${operation.id}, OperationName: SwapSiteSlots, CreatedTime: ${operation.startTime.toISOString()}, RequestId: ${operation.id}, EntityType: 3`,
  );
}

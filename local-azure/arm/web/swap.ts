// Swapping two slots of an app: everything that is not sticky changes places, the package included.
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { beforePollAnswer, pollSeconds } from '../core/context.ts';
import { refusedByGateway, refusedByWeb } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { asText } from '../core/json.ts';
import { CONFIG_THAT_STAYS } from './app-defaults.ts';
import { forBoth, refuseWhileSwapping, requireApp, swapLock } from './lookup.ts';
import type { App, AppContent, SlotConfigNames } from './model.ts';
import { NO_SLOT_CONFIG_NAMES } from './model.ts';
import type { WebRegistry } from './registry.ts';
import { showApp } from './sites.ts';

const PRODUCTION = 'production';

export function swapRoutes(registry: WebRegistry): Route[] {
  const { context } = registry;

  const swap = (call: ArmCall, slot: string | null): ArmAnswer => {
    const source = requireApp(registry, call, slot);
    const wanted = asText(call.body.targetSlot);
    if (wanted === null)
      throw refusedByWeb(400, 'BadRequest', 'The parameter targetSlot has an invalid value.');
    const target = registry.app(source.group, source.site, sameName(wanted, PRODUCTION) ? null : wanted);
    if (target === null) throw refusedByWeb(404, 'NotFound', `Cannot find Slot with name ${wanted}.`);
    if (target === source)
      throw refusedByWeb(409, 'Conflict', 'Cannot swap a slot with itself. Specify two different slots.');
    refuseWhileSwapping(registry, source.site, source.group);
    const lock = swapLock(registry, source);
    const operation = context.operations.start(call, 'SwapSiteSlots', lock, async (signal) => {
      await context.clock.sleep(context.latency.of('swap-slots'), signal);
      exchange(registry, source, target);
    });
    const results = call.path.replace(/\/slotsswap\/?$/i, '/operationresults');
    return {
      status: 202,
      headers: {
        etag: source.etag,
        location: `${call.origin}${results}/${operation.id}?api-version=${call.apiVersion}`,
        'retry-after': String(pollSeconds(context.latency)),
      },
    };
  };

  const result = async (call: ArmCall, slot: string | null): Promise<ArmAnswer> => {
    const operation = context.operations.get(call.param('operation'));
    if (operation === null)
      throw refusedByGateway(404, 'NotFound', `The operation ${call.param('operation')} was not found.`);
    await beforePollAnswer(context, operation);
    if (operation.error !== null) throw refusedByWeb(409, operation.error.code, operation.error.message);
    const app = requireApp(registry, call, slot);
    if (operation.status === 'Succeeded') return ok(showApp(registry, app, call), { etag: app.etag });
    return {
      status: 202,
      headers: {
        location: `${call.origin}${call.path}?api-version=${call.apiVersion}`,
        'retry-after': String(pollSeconds(context.latency)),
      },
    };
  };

  return [
    ...forBoth('POST', '/slotsswap', 'slotsswap/action', swap),
    ...forBoth('GET', '/operationresults/{operation}', 'operationresults/read', result),
  ];
}

function exchange(registry: WebRegistry, source: App, target: App): void {
  const sticky =
    registry.slotConfigNames.get(registry.appId({ ...source, slot: null })) ?? NO_SLOT_CONFIG_NAMES;
  const [toTarget, toSource] = [received(source, target, sticky), received(target, source, sticky)];
  Object.assign(target, toTarget);
  Object.assign(source, toSource);
  const status = {
    timestampUtc: registry.context.clock.now().toISOString().replace('Z', ''),
    sourceSlotName: source.slot ?? 'Production',
    destinationSlotName: target.slot ?? 'Production',
  };
  for (const app of [source, target]) {
    app.slotSwapStatus = status;
    registry.changed(app);
  }
}

/** What `to` holds after it has received `from`'s content: its own sticky members, the rest from the other. */
function received(from: AppContent, to: AppContent, sticky: SlotConfigNames): AppContent {
  return {
    appSettings: mixed(from.appSettings, to.appSettings, sticky.appSettingNames ?? []),
    connectionStrings: mixed(
      from.connectionStrings,
      to.connectionStrings,
      sticky.connectionStringNames ?? [],
    ),
    config: mixed(from.config, to.config, CONFIG_THAT_STAYS) satisfies JsonObject,
  };
}

function mixed<Value>(
  from: Readonly<Record<string, Value>>,
  to: Readonly<Record<string, Value>>,
  staying: readonly string[],
): Record<string, Value> {
  const stays = (name: string) => staying.some((each) => sameName(each, name));
  return Object.fromEntries([
    ...Object.entries(from).filter(([name]) => !stays(name)),
    ...Object.entries(to).filter(([name]) => stays(name)),
  ]);
}

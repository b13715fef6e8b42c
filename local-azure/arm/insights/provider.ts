// Microsoft.Insights/autoscaleSettings: who changes the number of instances while nobody looks. There is no load
// here to react to: it scales when it is told to, and only where the setting lets it.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { resourceNotFound } from '../core/errors.ts';
import { NameMap, sameName } from '../core/ids.ts';
import { asObject, asTexts, type JsonObject, type JsonValue } from '../core/json.ts';
import { requireLocation } from '../core/location.ts';
import { type AutoscaleSetting, limitsOf, readProperties, settingBody } from './autoscale-setting.ts';

export interface NewAutoscaleSetting {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  readonly enabled: boolean;
  readonly targetResourceId: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** Sets the capacity of a resource. Resolves when its instances have started, or are gone; rejects where it cannot. */
export type Scale = (resourceId: string, capacity: number) => Promise<void>;

export interface InsightsProvider {
  readonly routes: readonly Route[];
  createSetting(setting: NewAutoscaleSetting): void;
  /**
   * The load changes, and autoscale wants so many instances of a resource. Returns what it asked for, within the
   * setting's limits, once it has it; null where no enabled setting is for the resource.
   */
  autoscale(targetResourceId: string, capacity: number): Promise<number | null>;
  removeGroup(group: string): void;
  state(): JsonValue;
}

const SETTINGS =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Insights/autoscaleSettings';
const ACTION = 'Microsoft.Insights/AutoscaleSettings';

export function createInsightsProvider(context: ArmContext, scale: Scale): InsightsProvider {
  const settings = new NameMap<AutoscaleSetting>();
  const idOf = ({ group, name }: { readonly group: string; readonly name: string }) =>
    `/subscriptions/${context.subscriptionId}/resourceGroups/${group}/providers/microsoft.insights/autoscalesettings/${name}`;
  const body = (setting: AutoscaleSetting) => settingBody(setting, idOf(setting));
  const place = (call: ArmCall) => ({ group: call.param('group'), name: call.param('setting') });
  const find = (call: ArmCall): AutoscaleSetting => {
    const { group, name } = place(call);
    const setting = settings.get(idOf({ group, name }));
    if (setting !== undefined) return setting;
    throw resourceNotFound(`Microsoft.Insights/autoscalesettings/${name}`, group);
  };
  const inGroup = (group: string) => settings.values().filter((each) => sameName(each.group, group));

  const put = (call: ArmCall) => {
    const existing = settings.get(idOf(place(call))) ?? null;
    const location = requireLocation(call.body, { ...place(call), location: existing?.location ?? null });
    const read = readProperties(asObject(call.body.properties));
    const setting = { ...place(call), location, tags: asTexts(call.body.tags), ...read };
    settings.set(idOf(setting), setting);
    return { status: existing === null ? 201 : 200, body: body(setting) };
  };

  const patch = (call: ArmCall) => {
    const setting = find(call);
    if (call.body.properties !== undefined) {
      Object.assign(setting, readProperties({ ...written(setting), ...asObject(call.body.properties) }));
    }
    if (call.body.tags !== undefined) setting.tags = asTexts(call.body.tags);
    return ok(body(setting));
  };

  const route = (
    method: Route['method'],
    template: string,
    verb: string,
    handle: Route['handle'],
  ): Route => ({
    method,
    template,
    action: `${ACTION}/${verb}`,
    handle,
  });

  return {
    routes: [
      route(
        'GET',
        '/subscriptions/{subscription}/providers/Microsoft.Insights/autoscaleSettings',
        'Read',
        () => ok({ value: settings.values().map(body) }),
      ),
      route('GET', SETTINGS, 'Read', (call) => ok({ value: inGroup(call.param('group')).map(body) })),
      route('GET', `${SETTINGS}/{setting}`, 'Read', (call) => ok(body(find(call)))),
      route('PUT', `${SETTINGS}/{setting}`, 'Write', put),
      route('PATCH', `${SETTINGS}/{setting}`, 'Write', patch),
      route('DELETE', `${SETTINGS}/{setting}`, 'Delete', (call) => ({
        status: settings.delete(idOf(place(call))) ? 200 : 204,
      })),
    ],
    createSetting: ({ minimum, maximum, ...setting }) => {
      const texts = { minimum: String(minimum), maximum: String(maximum), default: String(minimum) };
      const profiles = [{ name: 'default', capacity: texts, rules: [] }];
      settings.set(idOf(setting), { ...setting, tags: {}, profiles, others: { notifications: [] } });
    },
    autoscale: async (targetResourceId, capacity) => {
      const setting = settings
        .values()
        .find((each) => each.enabled && sameName(each.targetResourceId, targetResourceId));
      if (setting === undefined) return null;
      const { minimum, maximum } = limitsOf(setting);
      const wanted = Math.min(Math.max(capacity, minimum), maximum);
      await scale(setting.targetResourceId, wanted);
      return wanted;
    },
    removeGroup: (group) => {
      for (const setting of inGroup(group)) settings.delete(idOf(setting));
    },
    state: () =>
      settings.values().map((each) => ({
        name: each.name,
        resourceGroup: each.group,
        enabled: each.enabled,
        target: each.targetResourceId,
      })),
  };
}

function written({ others, enabled, targetResourceId }: AutoscaleSetting): JsonObject {
  return { ...others, enabled, targetResourceUri: targetResourceId };
}

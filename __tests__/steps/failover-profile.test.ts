// (2)(5) The failover profile: the stage slot's endpoints are added offline, behind all others; what is there already is
// left as it is, or refused with the command that puts it right.
import { describe, expect, test } from '@jest/globals';
import type { Slot, UpgradeContext } from '../../src/application/upgrade-context.ts';
import { AzureError } from '../../src/azure/errors.ts';
import type { Endpoint, NewEndpoint, Profile, SqlConnection, TrafficManager } from '../../src/azure/ports.ts';
import { failoverProfile } from '../../src/steps/failover-profile.ts';
import { config, endpoint, profile, site } from '../guards/parts.ts';
import { type Options, type Preparing, preparing, run } from './preparing.ts';
import { sessionsWith } from './sessions-with.ts';

interface World {
  readonly context: Preparing;
  /** Names of the endpoints that were written, a write each. */
  readonly writes: string[];
  /** "contoso-1 Enabled 1", in the profile's order; none where there is no profile. */
  endpoints(): string[];
}

const enabled = (name: string, priority: number) => endpoint(name, { status: 'Enabled', priority });
const disabled = (name: string, priority: number) => endpoint(name, { status: 'Disabled', priority });
const conflict = () =>
  new AzureError('Another operation is under way.', {
    ...{ status: 409, code: 'Conflict', correlationId: null, outcomeUnknown: false },
  });
const PRODUCTION = [enabled('contoso-1', 1), enabled('contoso-dr', 2)];

function world(
  there: readonly Endpoint[] | null,
  options: Options = {},
  missingSites: readonly string[] = [],
): World {
  let now: Profile | null = there && profile({ endpoints: there });
  const writes: string[] = [];
  const written = (change: readonly NewEndpoint[]) => {
    writes.push(change.map(({ name }) => name).join(' '));
    const added = change.map((one) => endpoint(one.name, one));
    now = profile({ endpoints: [...(now?.endpoints ?? []), ...added] });
    return now;
  };
  const trafficManager: Partial<TrafficManager> = {
    getProfile: async () => now,
    createProfile: async (_ref, { endpoints }) => written(endpoints),
    addEndpoint: async (_ref, one) => written([one]),
  };
  const appService: Partial<UpgradeContext['azure']['appService']> = {
    getSite: async ({ site: name }) =>
      missingSites.includes(name)
        ? null
        : site(name, { name, id: `id of ${name}`, defaultHostName: `${name}.azurewebsites.net` }),
  };
  const locked: Partial<SqlConnection> = { query: async () => [{ mode: 'Exclusive' }] };
  const context = preparing({
    ...options,
    context: {
      azure: { trafficManager, appService } as unknown as UpgradeContext['azure'],
      sessions: sessionsWith((_target, use) => use(locked as SqlConnection)),
      ...options.context,
    },
  });
  const lines = () => (now?.endpoints ?? []).map((one) => `${one.name} ${one.status} ${one.priority}`);
  return { context, writes, endpoints: lines };
}

/** The same application in its primary region alone. */
function ofOneRegion({ context, ...rest }: World): World {
  const alone = (slot: Slot): Slot => ({ ...slot, standby: null });
  const parts = { production: alone(context.production), stage: alone(context.stage) };
  return { ...rest, context: { ...context, ...parts } };
}

describe('is completed', () => {
  test('with both stage endpoints, offline, behind whatever the profile has', async () => {
    const one = world([...PRODUCTION, enabled('status-page', 7)]);
    const step = failoverProfile(one.context);
    expect(await step.assess(run)).toEqual({
      kind: 'to-do',
      evidence: ['endpoint contoso-2 is missing', 'endpoint contoso-3 is missing'],
    });
    const evidence = await step.apply(run);
    expect(one.endpoints()).toEqual([
      'contoso-1 Enabled 1',
      'contoso-dr Enabled 2',
      'status-page Enabled 7',
      'contoso-2 Disabled 8',
      'contoso-3 Disabled 9',
    ]);
    expect(evidence.join()).toContain('contoso-2 Disabled 8, contoso-3 Disabled 9');
    expect(await step.assess(run)).toMatchObject({ kind: 'done' });
  });

  test('with the one that a killed run has not added', async () => {
    const one = world([...PRODUCTION, disabled('contoso-2', 3)]);
    await failoverProfile(one.context).apply(run);
    expect(one.writes).toEqual(['contoso-3']);
    expect(one.endpoints().at(-1)).toBe('contoso-3 Disabled 4');
  });

  test("never by changing production's own, whatever they are", async () => {
    const odd = [disabled('contoso-dr', 1), enabled('contoso-1', 4)];
    const one = world(odd);
    await failoverProfile(one.context).apply(run);
    expect(one.endpoints().slice(0, 2)).toEqual(['contoso-dr Disabled 1', 'contoso-1 Enabled 4']);
    expect(one.writes).toEqual(['contoso-2', 'contoso-3']);
  });

  test('where there is none it is made in one write, the standby online behind production', async () => {
    const one = world(null);
    expect(await failoverProfile(one.context).assess(run)).toMatchObject({ kind: 'to-do' });
    await failoverProfile(one.context).apply(run);
    expect(one.writes).toEqual(['contoso-1 contoso-dr contoso-2 contoso-3']);
    expect(one.endpoints()).toEqual([
      'contoso-1 Enabled 1',
      'contoso-dr Enabled 2',
      'contoso-2 Disabled 3',
      'contoso-3 Disabled 4',
    ]);
  });

  test('although the profile is busy for a moment: what was added meanwhile is not added again', async () => {
    const one = world(PRODUCTION);
    const { trafficManager } = one.context.azure;
    const add = trafficManager.addEndpoint;
    let busy = 2;
    trafficManager.addEndpoint = async (ref, endpointOfStage) => {
      if (endpointOfStage.name === 'contoso-3' && busy-- > 0) throw conflict();
      return add(ref, endpointOfStage);
    };
    const applied = failoverProfile(one.context).apply(run);
    for (let second = 0; second < 10; second++) await one.context.clock.advance(1_000);
    await applied;
    expect(one.writes).toEqual(['contoso-2', 'contoso-3']);
  });

  test('in one region with one endpoint', async () => {
    const existing = ofOneRegion(world([enabled('contoso-1', 1)]));
    await failoverProfile(existing.context).apply(run);
    expect(existing.endpoints()).toEqual(['contoso-1 Enabled 1', 'contoso-2 Disabled 2']);
    const made = ofOneRegion(world(null));
    await failoverProfile(made.context).apply(run);
    expect(made.endpoints()).toEqual(['contoso-1 Enabled 1', 'contoso-2 Disabled 2']);
  });
});

describe('is refused', () => {
  const refusal = async ({ context }: World) => {
    const assessment = await failoverProfile(context).assess(run);
    return assessment.kind === 'blocked'
      ? { ...assessment, advice: assessment.advice.join('\n') }
      : assessment;
  };

  test("without production's endpoint: nobody knows where users are", async () => {
    expect(await refusal(world([enabled('contoso-dr', 2)]))).toMatchObject({
      reason: 'production-slot-unclear',
      message: expect.stringContaining('"contoso-1"'),
    });
  });

  test("without production's standby: the command adds it behind all others", async () => {
    expect(await refusal(world([enabled('contoso-1', 5)]))).toMatchObject({
      reason: 'standby-missing',
      advice:
        "az network traffic-manager endpoint create -g contoso-traffic --profile-name contoso -n contoso-dr --type externalEndpoints --target contoso-dr.azurewebsites.net --endpoint-location 'North Europe' --priority 6 --endpoint-status Enabled",
    });
  });

  test('and by its resource where it is an Azure endpoint', async () => {
    const one = world([enabled('contoso-1', 1)], {
      productionStandby: { endpoint: { name: 'contoso-dr', type: 'azure' } },
    });
    expect(await refusal(one)).toMatchObject({
      advice: expect.stringContaining("--type azureEndpoints --target-resource-id 'id of contoso-dr' "),
    });
  });

  test('also where the site behind it does not exist', async () => {
    expect(await refusal(world([enabled('contoso-1', 1)], {}, ['contoso-dr']))).toMatchObject({
      reason: 'standby-missing',
      advice: expect.stringContaining('HOST-OF-ITS-SITE'),
    });
  });

  test.each(['contoso-2', 'contoso-3'])('with %s online: users may be sent there', async (name) => {
    expect(await refusal(world([...PRODUCTION, enabled(name, 3)]))).toMatchObject({
      reason: 'production-slot-unclear',
      advice: expect.stringMatching(new RegExp(`-n ${name} .*--endpoint-status Disabled`)),
    });
  });
});

test('a site that does not exist is not given an endpoint', async () => {
  const one = world(PRODUCTION, { context: { config: config() } }, ['contoso-3']);
  await expect(failoverProfile(one.context).apply(run)).rejects.toMatchObject({
    reason: 'resource-not-found',
    message: 'The site contoso-3 does not exist',
  });
});

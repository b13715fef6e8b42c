// Which domains are down, so that no second one is taken down: the domain that was walked and is below its minimum, and
// the one that was not walked and has no running instance of a role.
import { requiredOf } from '../../service/health-evaluation.ts';
import { instanceState } from '../../service/instance-state.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { type InstanceKey, keyOf, type RoleInstance } from '../../service/role-instance.ts';
import { formatList } from '../../service/words.ts';
import { type WalkTrack, walkedInstances } from './walk-track.ts';

export interface DomainDown {
  readonly domain: number;
  /** In a few words, for people. */
  readonly why: string;
  /** Those that are not in a good state. */
  readonly instances: readonly InstanceKey[];
}

/**
 * Ascending. On the way back domains that run the new version are not counted, whatever they are in: they are what the
 * way back is for.
 *
 * @param except the domain that is to be walked; null: none is left out
 */
export function domainsDown(
  observed: ServiceObservation,
  track: WalkTrack,
  except: number | null,
): DomainDown[] {
  const others = observed.spread.domains.filter(({ number }) => number !== except);
  const domainOf = new Map(
    others.flatMap(({ number, instances }) => instances.map((one) => [keyOf(one), number] as const)),
  );
  const walked = walkedInstances(observed, track).filter(({ instance }) => domainOf.has(keyOf(instance)));
  const keys = new Set(walked.map(({ instance }) => keyOf(instance)));
  const isUntouched = (instance: RoleInstance) =>
    !keys.has(keyOf(instance)) && !(track.direction === 'back' && isNew(observed, instance));
  const down = [
    ...belowMinimum(observed, walked, domainOf),
    ...others.flatMap(({ number, instances }) =>
      [...Map.groupBy(instances.filter(isUntouched), ({ role }) => role)]
        .filter(([, own]) => own.every(({ powerState }) => powerState !== 'running'))
        // With walked ones of the role beside it, these say how many have to be good.
        .filter(([role]) => !instances.some((one) => one.role === role && keys.has(keyOf(one))))
        .map(([role, own]) => ({
          domain: number,
          why: `no instance of ${role} runs in it`,
          instances: own.map(keyOf),
        })),
    ),
  ];
  return [...Map.groupBy(down, ({ domain }) => domain)]
    .map(([domain, all]) => ({
      domain,
      why: all.map(({ why }) => why).join('; '),
      instances: all.flatMap(({ instances }) => instances),
    }))
    .toSorted((one, other) => one.domain - other.domain);
}

function isNew({ versions }: ServiceObservation, instance: RoleInstance): boolean {
  const version = versions.get(keyOf(instance))?.version;
  return version === 'target' || version === 'unknown';
}

function belowMinimum(
  { look }: ServiceObservation,
  walked: ReturnType<typeof walkedInstances>,
  domainOf: ReadonlyMap<InstanceKey, number>,
): DomainDown[] {
  return [...Map.groupBy(walked, ({ instance }) => instance.role)].flatMap(([role, own]) => {
    const minimum = look.roles.find((one) => one.role === role)?.minimum;
    const bad = own
      .filter((one) => instanceState(one).kind !== 'good')
      .map(({ instance }) => keyOf(instance));
    if (own.length - bad.length >= requiredOf(minimum, own.length)) return [];
    return [...Map.groupBy(bad, (key) => domainOf.get(key))].flatMap(([domain, keys]) =>
      domain === undefined
        ? []
        : [{ domain, why: `${formatList(keys)} of ${role} not in a good state`, instances: keys }],
    );
  });
}

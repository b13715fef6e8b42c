// How many cores a subscription may use in a region. Everything that has cores counts: scale sets, cloud services.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { locationName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { FAMILIES, vmSize } from './vm-sizes.ts';

/** Machines of one size in one region. */
export interface Consumption {
  readonly location: string;
  /** e.g. Standard_D2s_v5. */
  readonly size: string;
  readonly count: number;
}

export interface Quota {
  readonly routes: readonly Route[];
  /** Asked whenever usage is counted. */
  addConsumer(consumer: () => readonly Consumption[]): void;
  /** Cores of the whole region; null gives the region the default again. */
  setLimit(location: string, cores: number | null): void;
  /** Cores in use. */
  used(location: string): number;
  /** Throws 409 OperationNotAllowed where so many more cores would be too many. Fewer are never refused. */
  require(location: string, additionalCores: number): void;
}

const DEFAULT_LIMIT = 100;

export const coresOf = ({ size, count }: Pick<Consumption, 'size' | 'count'>): number =>
  vmSize(size).cores * count;

export function createQuota(): Quota {
  const consumers: (() => readonly Consumption[])[] = [];
  const limits = new Map<string, number>();
  const limitOf = (location: string) => limits.get(locationName(location)) ?? DEFAULT_LIMIT;
  const consumptions = (location: string) =>
    consumers
      .flatMap((consumer) => consumer())
      .filter((each) => locationName(each.location) === locationName(location));
  const used = (location: string) => sum(consumptions(location).map(coresOf));

  const list = (call: ArmCall) => {
    const location = call.param('location');
    const there = consumptions(location);
    const limit = limitOf(location);
    const families = FAMILIES.map((family) =>
      usage(
        family,
        familyName(family),
        sum(there.filter((each) => vmSize(each.size).family === family).map(coresOf)),
        limit,
      ),
    );
    return ok({
      value: [
        usage('cores', 'Total Regional vCPUs', used(location), limit),
        usage('virtualMachines', 'Virtual Machines', sum(there.map((each) => each.count)), 25_000),
        ...families,
      ],
    });
  };

  return {
    routes: [
      {
        method: 'GET',
        template: '/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/usages',
        action: 'Microsoft.Compute/locations/usages/read',
        handle: list,
      },
    ],
    addConsumer: (consumer) => {
      consumers.push(consumer);
    },
    setLimit: (location, cores) => {
      if (cores === null) limits.delete(locationName(location));
      else limits.set(locationName(location), cores);
    },
    used,
    require: (location, additionalCores) => {
      const [limit, current] = [limitOf(location), used(location)];
      if (additionalCores <= 0 || current + additionalCores <= limit) return;
      throw new ArmError(
        409,
        'OperationNotAllowed',
        `Operation results in exceeding quota limits of Core. Maximum allowed: ${limit}, Current in use: ${current}, Additional requested: ${additionalCores}.`,
      );
    },
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** "Standard DSv5 Family vCPUs" for standardDSv5Family. */
const familyName = (family: string): string =>
  family.replace(/^standard(.+)Family$/, 'Standard $1 Family vCPUs');

function usage(value: string, localizedValue: string, currentValue: number, limit: number): JsonObject {
  return { limit, unit: 'Count', currentValue, name: { value, localizedValue } };
}

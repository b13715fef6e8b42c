// Resource ids and locations, as Azure writes and compares them.

/** "North Europe" for northeurope: replication links, plans and sites show regions by display name. */
const DISPLAY_NAMES: Readonly<Record<string, string>> = {
  northeurope: 'North Europe',
  westeurope: 'West Europe',
  eastus: 'East US',
  eastus2: 'East US 2',
  westus: 'West US',
  southeastasia: 'Southeast Asia',
  eastasia: 'East Asia',
  japanwest: 'Japan West',
};

/** northeurope for "North Europe". */
export function locationName(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** Whether this Azure has such a region. */
export function isRegion(location: string): boolean {
  return Object.hasOwn(DISPLAY_NAMES, locationName(location));
}

export function locationDisplayName(location: string): string {
  return DISPLAY_NAMES[locationName(location)] ?? location;
}

export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export interface ParsedId {
  readonly subscription: string;
  readonly group: string;
  readonly namespace: string;
  /** Names in order, e.g. [server, database]. */
  readonly names: readonly string[];
  /** Types in order, e.g. [servers, databases]. */
  readonly types: readonly string[];
}

/** The parts of a resource id below a resource group; null where it is none. */
export function parseId(id: string): ParsedId | null {
  const found = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/(.+)$/i.exec(id);
  if (found === null) return null;
  const [, subscription = '', group = '', namespace = '', rest = ''] = found;
  const parts = rest.split('/');
  return {
    subscription,
    group,
    namespace,
    names: parts.filter((_, at) => at % 2 === 1),
    types: parts.filter((_, at) => at % 2 === 0),
  };
}

/** A map whose keys are names that Azure compares without case. */
export class NameMap<Value> {
  readonly #values = new Map<string, Value>();

  get(name: string): Value | undefined {
    return this.#values.get(name.toLowerCase());
  }
  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }
  set(name: string, value: Value): void {
    this.#values.set(name.toLowerCase(), value);
  }
  delete(name: string): boolean {
    return this.#values.delete(name.toLowerCase());
  }
  values(): Value[] {
    return [...this.#values.values()];
  }
}

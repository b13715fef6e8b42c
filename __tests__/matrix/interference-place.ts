// Where somebody else acts: the application's slots as they are when the journey begins, and what is to be seen of them.
import type { LocalAzure } from '../../local-azure/start.ts';
import { type ContosoSlot, DATABASE, SLOTS, SWAPPED_SITES } from '../../local-azure/topologies/contoso.ts';
import type { Journey, World, WorldKind } from './world.ts';

/** Where a deed is done. */
export interface Place {
  readonly azure: LocalAzure;
  /** As they are when the journey begins. */
  readonly production: ContosoSlot;
  readonly stage: ContosoSlot;
  readonly swap: boolean;
}

export function placeOf(kind: WorldKind, journey: Journey, { azure }: Pick<World, 'azure'>): Place {
  const [blue, green] = SLOTS[kind.name.startsWith('geo') ? 'geo-redundant' : 'single-region'];
  const switched = journey.before.some(({ phase = '' }) => /switch/.test(phase));
  const [production, stage] = switched ? [green, blue] : [blue, green];
  return { azure, production, stage, swap: kind.name.endsWith('slot-swap') };
}

interface ArmState {
  readonly webApps: readonly { readonly name: string; readonly resourceGroup: string }[];
}

export function ttlOf({ arm }: LocalAzure): number | null {
  return arm.profiles()[0]?.ttlSeconds ?? null;
}

export function groupOf({ arm }: LocalAzure, site: string): string {
  const found = (arm.state() as unknown as ArmState).webApps.find(({ name }) => name === site);
  return found?.resourceGroup ?? '';
}

export function isGeoSecondary({ fabric }: LocalAzure, { primary: { sqlServer } }: ContosoSlot): boolean {
  return fabric.links(sqlServer, DATABASE).some(({ secondary }) => secondary.server === sqlServer);
}

/** Whether users have left the slot. */
export function isServedElsewhere(azure: LocalAzure, { primary }: ContosoSlot): boolean {
  const endpoints = azure.arm.profiles()[0]?.endpoints ?? [];
  return endpoints.some(({ name, status }) => name === primary.endpoint && status === 'Disabled');
}

/** Whether a call is the write that moves users, where the journey has one. */
export function movesUsers({ swap }: Pick<Place, 'swap'>, call: string): boolean {
  const sites = `/sites/${SWAPPED_SITES.primary}(/slots/[^/]+)?/slotsswap$`;
  return (swap ? new RegExp(`^arm POST .*${sites}`, 'i') : PROFILE_WRITE).test(call);
}

const PROFILE_WRITE = /^arm PUT .*\/trafficManagerProfiles\/[^/]+$/i;

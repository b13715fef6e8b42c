// An instance as a walk sees it: with the role it is of, since the ids of two roles may be equal.
import type { ServiceInstance } from '../azure/ports/compute.ts';

export interface RoleInstance extends ServiceInstance {
  readonly role: string;
}

/** Names an instance among those of all roles. Ids hold no "/", so no two instances have the same key. */
export type InstanceKey = string;

export function keyOf({ role, id }: Pick<RoleInstance, 'role' | 'id'>): InstanceKey {
  return `${role}/${id}`;
}

/** By role, then by id; ids that are numbers by their value. The same everywhere, whatever the locale. */
export function inNameOrder(one: Pick<RoleInstance, 'role' | 'id'>, other: typeof one): number {
  return compareTexts(one.role, other.role) || compareIds(one.id, other.id);
}

export function compareIds(one: string, other: string): number {
  const areNumbers = [one, other].every((id) => /^\d+$/.test(id));
  return (areNumbers ? Number(one) - Number(other) : 0) || compareTexts(one, other);
}

export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

// What a person, or a test in another process, can make instances do: start slowly or never, break, be scaled.
import { z } from 'zod';
import type { Behaviour, ComputeFabric } from '../compute/fabric.ts';

export interface InstanceControls {
  readonly compute: Pick<ComputeFabric, 'setVersionBehaviour' | 'setInstanceBehaviour' | 'setWorking'>;
  /** By a target's resource id; null where no enabled setting is for it. */
  autoscale(target: string, capacity: number): Promise<number | null>;
}

const text = z.string();
const ms = z.number().min(0);
const BEHAVIOUR = z.strictObject({
  slowStartMs: ms.optional(),
  neverStarts: z.boolean().optional(),
  startTimeoutMs: ms.optional(),
  initializingMs: ms.optional(),
  unhealthyAfterMs: ms.nullable().optional(),
  healthReportMs: ms.optional(),
});
const OF_VERSION = z.strictObject({ version: text, behaviour: BEHAVIOUR });
const OF_INSTANCE = z.strictObject({
  role: text,
  instance: text,
  version: text.optional(),
  behaviour: BEHAVIOUR,
});
const HEALTH = z.strictObject({ role: text, instance: text, working: z.boolean() });
const LOAD = z.strictObject({ target: text, capacity: z.number().int().min(0) });

export const INSTANCE_PATHS = [
  'POST /version-behaviour',
  'POST /instance-behaviour',
  'POST /instance-health',
  'POST /autoscale',
] as const;

/** What was done; undefined for a path that is none of these. Throws where the body is wrong or nobody is meant. */
export async function changeInstances(
  { compute, autoscale }: InstanceControls,
  call: string,
  body: unknown,
): Promise<unknown> {
  switch (INSTANCE_PATHS.find((path) => path === call)) {
    case 'POST /version-behaviour': {
      const { version, behaviour } = OF_VERSION.parse(body);
      compute.setVersionBehaviour(version, given(behaviour));
      return { version, behaviour };
    }
    case 'POST /instance-behaviour': {
      const { role, instance, version, behaviour } = OF_INSTANCE.parse(body);
      compute.setInstanceBehaviour(role, instance, given(behaviour), version);
      return { role, instance, version, behaviour };
    }
    case 'POST /instance-health': {
      const { role, instance, working } = HEALTH.parse(body);
      compute.setWorking(role, instance, working);
      return { role, instance, working };
    }
    case 'POST /autoscale': {
      const { target, capacity } = LOAD.parse(body);
      return { target, capacity: await autoscale(target, capacity) };
    }
    case undefined:
      return undefined;
  }
}

type Optional<T> = { readonly [Member in keyof T]: T[Member] | undefined };

/** Without the members that were left out. */
function given(behaviour: Optional<Behaviour>): Behaviour {
  return Object.fromEntries(Object.entries(behaviour).filter(([, value]) => value !== undefined));
}

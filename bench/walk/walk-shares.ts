// Where the time of a walk went: what the platform worked, by the embedded Azure's own record of its instances, what the
// configuration asks to be looked at again, and what is left.
import type { Instance } from '../../local-azure/compute/fabric.ts';

/** An instance after one of its changes. */
export type Change = Pick<Instance, 'updateDomain' | 'state' | 'stateSince' | 'health' | 'healthAt'>;

/** As the action's report has it; times are ISO 8601. */
export interface Walk {
  readonly domain: number;
  readonly from: string;
  readonly to: string;
}

/** Milliseconds. */
export interface WalkShares {
  /** From the first domain's beginning to the last one's end. */
  readonly whole: number;
  /** Instances are stopped, updated and started. */
  readonly operations: number;
  /** From the last instance's start until the last one is told to be healthy. */
  readonly health: number;
  /** From the first good look to the last that the configuration asks for. */
  readonly looksInARow: number;
  /** From the beginning of a domain until its first instance goes down: requests. */
  readonly beginning: number;
  /** From good health until it was seen often enough, beyond the looks that are asked for. */
  readonly seenLate: number;
  /** From the end of one domain to the beginning of the next. */
  readonly between: number;
}

/** @param looks of the configuration. Throws RangeError where a domain was not walked to its end. */
export function sharesOf(
  walks: readonly Walk[],
  changes: readonly Change[],
  looks: { readonly consecutive: number; readonly intervalMs: number },
): WalkShares {
  const [first, last] = [walks[0], walks.at(-1)];
  if (!first || !last) throw new RangeError('no domain was walked');
  const works = walks.map((walk) => platformWork(walk, changes));
  const total = (part: (work: (typeof works)[number]) => number) =>
    works.reduce((sum, work) => sum + part(work), 0);
  const whole = Date.parse(last.to) - Date.parse(first.from);
  const looksInARow = walks.length * (looks.consecutive - 1) * looks.intervalMs;
  return {
    whole,
    operations: total(({ down, started }) => started - down),
    health: total(({ started, healthy }) => healthy - started),
    looksInARow,
    beginning: total(({ from, down }) => down - from),
    seenLate: total(({ healthy, to }) => to - healthy) - looksInARow,
    between: whole - total(({ from, to }) => to - from),
  };
}

/** What a walk was asked for neither by the platform nor by the configuration. */
export function overheadOf({ beginning, seenLate, between }: WalkShares): number {
  return beginning + seenLate + between;
}

function platformWork(walk: Walk, changes: readonly Change[]) {
  const [from, to] = [Date.parse(walk.from), Date.parse(walk.to)];
  const own = changes.filter(({ updateDomain, stateSince }) => {
    const at = stateSince.getTime();
    return updateDomain === walk.domain && at >= from && at <= to;
  });
  const times = (which: (change: Change) => Date | null) =>
    own.flatMap((change) => which(change)?.getTime() ?? []);
  const down = times(({ state, stateSince }) => (state === 'stopping' ? stateSince : null));
  const started = times(({ state, stateSince }) => (state === 'running' ? stateSince : null));
  const healthy = times(({ state, stateSince, health, healthAt }) =>
    state === 'running' && health === 'healthy' && healthAt !== null && healthAt >= stateSince
      ? healthAt
      : null,
  );
  if ([down, started, healthy].some((each) => each.length === 0))
    throw new RangeError(`domain ${walk.domain} was not walked to its end`);
  return {
    from,
    to,
    down: Math.min(...down),
    started: Math.max(...started),
    healthy: Math.max(...healthy),
  };
}

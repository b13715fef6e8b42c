// One instance's life: it stops, changes its model, starts, works or breaks, and somebody reports its health.
import type { Clock } from '../clock.ts';
import type { Latency } from '../latency.ts';
import {
  type Behaviour,
  type Instance,
  type InstanceHealth,
  type InstanceModel,
  type InstanceState,
  type Placement,
  StartTimedOut,
  Superseded,
} from './fabric.ts';

export interface Machine {
  snapshot(): Instance;
  /** Runs from the beginning, and its health is known. */
  begin(): void;
  /** Stops where it runs, takes the model on, starts. */
  update(model: InstanceModel, signal?: AbortSignal): Promise<void>;
  restart(signal?: AbortSignal): Promise<void>;
  stop(signal?: AbortSignal): Promise<void>;
  start(signal?: AbortSignal): Promise<void>;
  /** Nothing happens to it any more. */
  abandon(): void;
  setWorking(working: boolean): void;
}

export interface MachineSurroundings {
  readonly clock: Clock;
  readonly latency: Latency;
  /** What holds for this instance with this version. */
  behaviour(version: string): Behaviour;
  changed(instance: Instance): void;
}

/** What is so, whatever is reported of it. */
type Condition = 'initializing' | 'working' | 'broken';

const HEALTH: Readonly<Record<Condition, InstanceHealth>> = {
  initializing: 'initializing',
  working: 'healthy',
  broken: 'unhealthy',
};

export function createMachine(
  role: string,
  placement: Placement,
  firstModel: InstanceModel,
  { clock, latency, behaviour, changed }: MachineSurroundings,
): Machine {
  let model = firstModel;
  let state: InstanceState = 'stopped';
  let stateSince = clock.now();
  let condition: Condition = 'working';
  let health: InstanceHealth = 'none';
  let healthAt: Date | null = null;
  let underWay = new AbortController();
  let timers: (() => void)[] = [];

  const snapshot = (): Instance => ({
    ...placement,
    role,
    model,
    state,
    stateSince,
    health,
    healthAt,
    inService: state === 'running' && condition === 'working',
  });
  const enter = (next: InstanceState) => {
    state = next;
    stateSince = clock.now();
    changed(snapshot());
  };
  const later = (ms: number, action: () => void) => {
    if (ms > 0) timers.push(clock.schedule(ms, action));
    else action();
  };
  const cancelTimers = () => {
    for (const cancel of timers) cancel();
    timers = [];
  };

  const report = (seen: () => InstanceHealth) => {
    if (!model.healthMonitored) return;
    later(behaviour(model.version).healthReportMs ?? latency.of('health-report'), () => {
      health = seen();
      healthAt = clock.now();
      changed(snapshot());
    });
  };
  const become = (next: Condition) => {
    condition = next;
    changed(snapshot());
    report(() => HEALTH[condition]);
  };

  /** What happens by itself to an instance that has just started. */
  const live = () => {
    const { initializingMs = 0, unhealthyAfterMs = null } = behaviour(model.version);
    condition = initializingMs > 0 ? 'initializing' : 'working';
    enter('running');
    report(() => HEALTH[condition]);
    if (initializingMs > 0) later(initializingMs, () => become('working'));
    if (unhealthyAfterMs !== null) later(initializingMs + unhealthyAfterMs, () => become('broken'));
  };

  const goDown = async (signal: AbortSignal) => {
    cancelTimers();
    if (state === 'stopped') return;
    enter('stopping');
    await clock.sleep(latency.of('instance-stop'), signal);
    enter('stopped');
  };
  const exchange = async (next: InstanceModel, signal: AbortSignal) => {
    enter('updating');
    await clock.sleep(latency.of('instance-update'), signal);
    model = next;
    if (!model.healthMonitored) {
      health = 'none';
      healthAt = null;
    }
  };
  const goUp = async (signal: AbortSignal) => {
    const { slowStartMs = 0, neverStarts = false, startTimeoutMs } = behaviour(model.version);
    enter('starting');
    await clock.sleep(latency.of('instance-start') + slowStartMs, signal);
    if (!neverStarts) return live();
    report(() => 'unknown');
    await clock.sleep(startTimeoutMs ?? latency.of('instance-start-timeout'), signal);
    throw new StartTimedOut(placement.name);
  };

  const take = (caller: AbortSignal | undefined): AbortSignal => {
    underWay.abort(new Superseded(placement.name));
    underWay = new AbortController();
    return caller === undefined ? underWay.signal : AbortSignal.any([caller, underWay.signal]);
  };

  return {
    snapshot,
    begin: () => {
      state = 'running';
      if (model.healthMonitored) [health, healthAt] = ['healthy', clock.now()];
      changed(snapshot());
    },
    update: async (next, caller) => {
      const signal = take(caller);
      await goDown(signal);
      await exchange(next, signal);
      await goUp(signal);
    },
    restart: async (caller) => {
      const signal = take(caller);
      await goDown(signal);
      await goUp(signal);
    },
    stop: (caller) => goDown(take(caller)),
    start: async (caller) => {
      if (state !== 'running') await goUp(take(caller));
    },
    abandon: () => {
      underWay.abort(new Superseded(placement.name));
      cancelTimers();
      enter('stopped');
    },
    setWorking: (working) => {
      if (state === 'running') become(working ? 'working' : 'broken');
    },
  };
}

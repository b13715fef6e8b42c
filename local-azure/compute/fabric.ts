// The data plane of Compute, as resource manager and load balancers see it: instances that run a model, stop, start,
// become healthy or do not, and answer requests. Scale sets and cloud services are both made of these.

/** What an instance runs. Models are data: two that are deeply equal are the same. */
export interface InstanceModel {
  /** Exact version of the image, or of a cloud service's package; behaviours are looked up by it. */
  readonly version: string;
  /** e.g. Standard_D2s_v5. */
  readonly sku: string;
  /** Extensions by name, each with the version of its handler. */
  readonly extensions: Readonly<Record<string, string>>;
  /** What the application is configured with: a cloud service's settings, an extension's. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether somebody reports its health: an application health extension or a health probe. Else it is `none`. */
  readonly healthMonitored: boolean;
}

/** `updating`: down, its model is being exchanged. */
export type InstanceState = 'running' | 'stopping' | 'updating' | 'starting' | 'stopped';

/** `none`: nobody reports it, which is not the same as healthy. `unknown`: should be up and says nothing. */
export type InstanceHealth = 'healthy' | 'unhealthy' | 'initializing' | 'unknown' | 'none';

export interface Placement {
  readonly id: string;
  /** As the instance is called to people, e.g. contoso-web_3 or WebRole_IN_0. */
  readonly name: string;
  /** null on a platform without update domains. */
  readonly updateDomain: number | null;
  readonly faultDomain: number;
  readonly zone: string | null;
}

export interface Instance extends Placement {
  /** See ComputeFabric.add. */
  readonly role: string;
  readonly model: InstanceModel;
  readonly state: InstanceState;
  readonly stateSince: Date;
  /** As reported last; while it is down, and for a moment after, that is what was true before. */
  readonly health: InstanceHealth;
  /** When that report was made; null before the first. */
  readonly healthAt: Date | null;
  /** Takes requests now. */
  readonly inService: boolean;
}

/** How a version, or one instance, departs from starting at once and being healthy. */
export interface Behaviour {
  /** On top of what a start takes. Default 0. */
  readonly slowStartMs?: number;
  /** Stays in `starting` for ever. Default false. */
  readonly neverStarts?: boolean;
  /** After how long Azure gives up on a start that does not end; default latency.ts's `instance-start-timeout`. */
  readonly startTimeoutMs?: number;
  /** Reports `initializing`, and takes no requests, for so long after it started. Default 0. */
  readonly initializingMs?: number;
  /** Becomes unhealthy so long after it started (and after initializing); null: never. Default null. */
  readonly unhealthyAfterMs?: number | null;
  /** How late a change of health is reported; default latency.ts's `health-report`. */
  readonly healthReportMs?: number;
}

export type Answer =
  | { readonly kind: 'answered'; readonly instance: Instance; readonly version: string }
  /** No instance of the role is in service. */
  | { readonly kind: 'refused' };

export interface RequestCounts {
  readonly answered: number;
  readonly refused: number;
}

/** Azure gave up waiting for an instance to start; it may still start, but will not here. */
export class StartTimedOut extends Error {
  override readonly name = 'StartTimedOut';
  readonly instance: string;

  constructor(instance: string) {
    super(
      `OS Provisioning for VM '${instance}' did not finish in the allotted time. The VM may still finish provisioning successfully. Please check provisioning state later.`,
    );
    this.instance = instance;
  }
}

/** Something else was asked of the instance meanwhile. */
export class Superseded extends Error {
  override readonly name = 'Superseded';

  constructor(instance: string) {
    super(`The operation on '${instance}' was preempted by a more recent operation.`);
  }
}

export interface ComputeFabric {
  /** Names of all roles that have instances. */
  roles(): readonly string[];
  /** Of a role, in the order they were added; [] where the role has none. */
  instances(role: string): readonly Instance[];
  instance(role: string, id: string): Instance | null;
  /**
   * Adds an instance that runs and, where monitored, is healthy: how a topology is seeded.
   * @param role any name, compared without case: a scale set's resource id, a cloud service's with /roles/{role}.
   */
  add(role: string, placement: Placement, model: InstanceModel): void;
  /** Adds an instance and starts it; rejects as update does. */
  create(role: string, placement: Placement, model: InstanceModel, signal?: AbortSignal): Promise<void>;
  /**
   * Stops it, puts the model on it, starts it again: an update, a reimage. Resolves when it has started; rejects with
   * StartTimedOut, or with the signal's reason: it then stays where it is. A later call takes over from one that is
   * under way, which rejects with Superseded.
   */
  update(role: string, id: string, model: InstanceModel, signal?: AbortSignal): Promise<void>;
  restart(role: string, id: string, signal?: AbortSignal): Promise<void>;
  stop(role: string, id: string, signal?: AbortSignal): Promise<void>;
  start(role: string, id: string, signal?: AbortSignal): Promise<void>;
  /** Stops it, and it is gone. */
  remove(role: string, id: string, signal?: AbortSignal): Promise<void>;
  /** Without waiting for anything. */
  removeRole(role: string): void;

  /** Of every instance that starts from here on with a model of this version; replaces what was set before. */
  setVersionBehaviour(version: string, behaviour: Behaviour): void;
  /**
   * Of one instance from its next start on, whatever it runs, or only where it runs this version: its members win over
   * the version's, and those for this version over all. Replaces what was set before for the same.
   */
  setInstanceBehaviour(role: string, id: string, behaviour: Behaviour, version?: string): void;
  /** Makes a running instance unhealthy, or healthy again, now; it is reported in due time. */
  setWorking(role: string, id: string, working: boolean): void;

  /** One request to the role's load balancer: instances in service take turns. Counted. */
  request(role: string): Answer;
  counts(role: string): RequestCounts;
  /** Told of every change of an instance; for a load balancer, a picture, automatic repairs. Also of removal. */
  onChange(listener: (instance: Instance) => void): void;
}

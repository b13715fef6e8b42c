// A service in memory behind the port that steps use: instances that are taken down, updated, started, and become
// healthy or not; a model, a record and a lease.
import type { ScaleSet } from '../../../src/azure/ports/compute.ts';
import type { Clock } from '../../../src/clock.ts';
import type { Minimum } from '../../../src/config/service-config.ts';
import { UpgradeError } from '../../../src/reasons.ts';
import { keyOf } from '../../../src/service/role-instance.ts';
import type { RoleLook, ServiceLook, ServiceTarget } from '../../../src/service/target.ts';
import {
  type HeldAutomation,
  type Lease,
  NOTHING_HELD,
  type UpdateRecord,
} from '../../../src/service/update-record.ts';
import { type Behaviour, type Machine, shownAt, UPDATE_MS } from './fake-machine.ts';

export interface FakeRole {
  readonly role: string;
  readonly minimum: Minimum;
  readonly placement?: 'platform' | 'virtual';
  machines: Machine[];
  /** What instances get that are updated. */
  model: string;
}

export interface FakeWalk {
  readonly domain: number;
  readonly keys: readonly string[];
  readonly to: string;
  readonly at: number;
}

export interface FakeOptions {
  readonly clock: Clock;
  readonly roles: FakeRole[];
  /** Whether instances tell their version; false: it is a cloud service. */
  readonly tells: boolean;
  readonly swaps: boolean;
}

/** Everything that Azure would have; it outlives the runs. */
export class FakeService {
  readonly clock: Clock;
  readonly roles: FakeRole[];
  readonly tells: boolean;
  /** What the configuration asks for. */
  wanted = '2.0.0';
  record: UpdateRecord | null = null;
  lease: Lease | null = null;
  isAutoscaleOn = true;
  usersOn: 'this' | 'other' | null;
  readonly walks: FakeWalk[] = [];
  /** Every write, in order: "keep", "model 2.0.0", "walk 0", … */
  readonly writes: string[] = [];
  /** How often a write has met the platform at work, and had to wait. */
  waits = 0;
  /** How long after instances have started the platform says that it is done. */
  answersLateMs = 0;
  behaviourOf: (key: string, version: string) => Behaviour = () => 'good';
  /** Called before a walk, with what there is then. */
  beforeWalk: (domain: number, look: ServiceLook) => void = () => {};
  /** Called before each call of the target; what it throws the call throws. */
  onCall: (call: string) => void = () => {};

  constructor({ clock, roles, tells, swaps }: FakeOptions) {
    [this.clock, this.roles, this.tells] = [clock, roles, tells];
    this.usersOn = swaps ? 'other' : null;
  }

  get machines(): (Machine & { readonly key: string })[] {
    return this.roles.flatMap(({ role, machines }) =>
      machines.map((one) => Object.assign(one, { key: keyOf({ role, id: one.id }) })),
    );
  }

  /** By key, what each really runs now. */
  versions(): Record<string, string> {
    for (const one of this.machines) shownAt(one, this.clock.now(), true);
    return Object.fromEntries(this.machines.map(({ key, version }) => [key, version]));
  }

  look(): ServiceLook {
    return {
      at: this.clock.now(),
      roles: this.roles.map((role) => this.#roleLook(role)),
      resources: this.roles.map(({ role }) => ({
        name: `contoso-${role}`,
        provisioningState: 'Succeeded',
        platformUpgrade: null,
      })),
      record: this.record,
      lease: this.lease,
      usersOn: this.usersOn,
    };
  }

  #roleLook({ role, minimum, placement = 'platform', machines, model }: FakeRole): RoleLook {
    const now = this.clock.now();
    return {
      ...{ role, minimum, placement },
      resource: `contoso-${role}`,
      chosen: true,
      instances: machines.map((one) => shownAt(one, now, this.tells)),
      set: this.tells ? setWith(role, model) : null,
      tellsHealth: true,
    };
  }

  /** What one run has of it. */
  target(): ServiceTarget {
    const call = <T>(name: string, work: () => T): Promise<T> =>
      Promise.resolve().then(() => {
        this.onCall(name);
        return work();
      });
    const write = (name: string, work: () => void): Promise<void> =>
      call(name, () => {
        this.writes.push(name);
        work();
      });
    return {
      kind: this.tells ? 'scale-sets' : 'cloud-service',
      what: 'contoso',
      tellsVersions: () => this.tells,
      look: () => call('look', () => this.look()),
      changes: async () => ({ changes: [], notKnowable: [] }),
      models: async () => this.#models(),
      missing: async () => [],
      cores: async () => null,
      claim: (lease) => write('claim', () => this.#keep(lease, this.record)),
      keep: async (lease, record) => {
        await this.#atRest();
        await write('keep', () => this.#keep(lease, record));
      },
      release: (lease) => write('release', () => this.#release(lease)),
      findAutomation: () => call('find', () => (this.isAutoscaleOn ? HELD : NOTHING_HELD)),
      hold: (held) => write('hold', () => this.#autoscale(held, false)),
      giveBack: (held) => write('give back', () => this.#autoscale(held, true)),
      describeHeld: ({ autoscale }) => autoscale.map((name) => `autoscale ${name}`),
      writeModel: (record, version) => call('model', () => this.#writeModel(record, version)),
      standing: (_, { models, cloud }) =>
        new Map(
          this.roles.map(({ role, model }) => [
            role,
            standingOf(model, cloud ?? versionsIn(models[role] ?? { previous: {}, target: {} })),
          ]),
        ),
      walk: async ({ number, instances }, signal) => {
        await this.#atRest(signal);
        await call('walk', () => this.#begin(number, instances.map(keyOf)));
        await this.#ended(instances.map(keyOf), signal);
      },
      swap: this.usersOn === null ? null : () => write('swap', () => this.#swap()),
    };
  }

  #models() {
    const pairs = this.roles.map(({ role, model }) => [
      role,
      model === this.wanted
        ? { previous: {}, target: {} }
        : { previous: { image: imageOf(model) }, target: { image: imageOf(this.wanted) } },
    ]);
    const [first] = this.roles;
    if (this.tells) return { models: Object.fromEntries(pairs), cloud: null };
    const previous = this.record?.cloud?.previous ?? first?.model ?? '';
    return { models: {}, cloud: { previous, target: this.wanted, standing: 'previous' as const } };
  }

  #keep(lease: Lease, record: UpdateRecord | null): void {
    const { lease: other } = this;
    if (other && other.run !== lease.run && Date.parse(other.until) > this.clock.now()) {
      throw new UpgradeError('locked-by-another-run', `${other.holder} has it`);
    }
    [this.lease, this.record] = [lease, record];
  }

  #release(lease: Lease): void {
    if (this.lease?.run === lease.run) this.lease = null;
  }

  #autoscale({ autoscale }: HeldAutomation, isOn: boolean): void {
    if (autoscale.length > 0) this.isAutoscaleOn = isOn;
  }

  #writeModel(record: UpdateRecord, version: 'target' | 'previous'): UpdateRecord {
    for (const role of this.roles) {
      const { image = '' } = record.models[role.role]?.[version] ?? {};
      role.model = record.cloud?.[version] ?? versionOf(image);
    }
    this.writes.push(`model ${this.roles[0]?.model}`);
    return { ...record, cloud: record.cloud && { ...record.cloud, standing: version } };
  }

  #begin(domain: number, keys: readonly string[]): void {
    this.beforeWalk(domain, this.look());
    const at = this.clock.now();
    for (const { role, machines, model } of this.roles) {
      for (const one of machines) {
        const key = keyOf({ role, id: one.id });
        if (!keys.includes(key)) continue;
        one.isStopped = false;
        one.update = { at, to: model, behaviour: this.behaviourOf(key, model) };
      }
    }
    this.walks.push({ domain, keys, to: this.roles[0]?.model ?? '', at });
    this.writes.push(`walk ${domain}`);
  }

  /** As long as the platform works on them: those that do not start it has given up after a while. */
  #underWay(): string[] {
    const now = this.clock.now();
    return this.machines
      .filter(({ update }) => update !== null && now - update.at < UPDATE_MS)
      .map(({ key }) => key);
  }

  /** As drivers do, which Azure answers with 409. */
  async #atRest(signal?: AbortSignal): Promise<void> {
    for (; this.#underWay().length > 0; this.waits++) await this.clock.sleep(1000, signal);
  }

  async #ended(keys: readonly string[], signal: AbortSignal): Promise<void> {
    await this.clock.sleep(UPDATE_MS + this.answersLateMs, signal);
    const hangs = this.machines.some(
      ({ key, update }) => keys.includes(key) && update?.behaviour === 'never-starts',
    );
    if (hangs) await this.clock.sleep(1e9, signal);
  }

  #swap(): void {
    this.usersOn = this.usersOn === 'this' ? 'other' : 'this';
  }
}

const HELD: HeldAutomation = { ...NOTHING_HELD, autoscale: ['contoso-autoscale'] };

function standingOf(model: string, versions: { readonly previous: string; readonly target: string }) {
  if (versions.target === '' || model === versions.target) return 'target' as const;
  return model === versions.previous ? ('previous' as const) : ('other' as const);
}

function versionsIn({ previous, target }: UpdateRecord['models'][string]) {
  return { previous: versionOf(previous.image ?? ''), target: versionOf(target.image ?? '') };
}

const GALLERY = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/contoso/images/app';
const imageOf = (version: string) => `${GALLERY}/versions/${version}`;
const versionOf = (image: string) => image.split('/').at(-1) ?? '';

function setWith(role: string, version: string): ScaleSet {
  return {
    id: `/subscriptions/s/resourceGroups/contoso/providers/Microsoft.Compute/virtualMachineScaleSets/contoso-${role}`,
    ref: { resourceGroup: 'contoso', name: `contoso-${role}` },
    location: 'northeurope',
    orchestration: 'Uniform',
    upgradeMode: 'Manual',
    provisioningState: 'Succeeded',
    capacity: 0,
    model: { sku: { name: 'Standard_DS1_v2', tier: null }, image: imageOf(version), extensions: {} },
    etag: null,
    tags: {},
    tellsHealth: true,
    automaticRepairs: 'none',
  };
}

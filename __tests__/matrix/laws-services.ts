// The laws of topology upgrade-domains, of a service as it is found after a run: what its instances really run, what is
// left on it, and whether what the run said is so.
import type { Instance } from '../../local-azure/compute/fabric.ts';
import type { RunReport } from '../../src/engine/report.ts';
import type { InstanceView, ServiceReport } from '../../src/engine/service-report.ts';
import { LEASE_TAG, leaseOfTags, MARK_TAG, recordOfTags, type Tags } from '../../src/service/record-tags.ts';
import type { Acted } from '../acceptance/scenario.ts';

/** Of all resources of the service, as the embedded Azure has them; nothing of it is by the product's word. */
export interface ServiceNow {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly versions: { readonly before: string; readonly target: string };
  /** Names of resources with their tags. */
  readonly tags: ReadonlyMap<string, Tags>;
  /** By resource that reports name, and role. */
  readonly instances: (resource: string, role: string) => readonly Instance[];
  /** Of everything that the world has. */
  readonly all: readonly Instance[];
  /** Of what the configuration is of: both services where they are swapped. */
  readonly updated: readonly Instance[];
  /** With a swap: the service that users are on. */
  readonly usersOn: string | null;
  /** With a swap: the other one. */
  readonly beside: string | null;
  readonly automation: { readonly on: readonly string[]; readonly atFirst: readonly string[] };
  ranSince(since: number, instance: Instance): ReadonlySet<string>;
  atRestSince(since: number, instance: Instance): boolean;
}

/** start-timeout and health.timeout of the worlds, and five minutes: docs say that a dead holder blocks no longer. */
export const LONGEST_LEASE_MS = 12 * 60_000;
/** The clocks of runner and embedded Azure are one, and a line of a report has milliseconds. */
const ROUNDING_MS = 1_000;

/** Whatever became of the run, and whether or not it could say anything. */
export function alwaysHold({ at, tags, all, versions }: ServiceNow): string[] {
  const strange = all.filter(({ model: { version } }) => !Object.values(versions).includes(version));
  const leases = [...tags].flatMap(([resource, its]) => ({ resource, lease: leaseOfTags(its) }));
  return [
    ...strange.map(
      ({ id, model }) => `law 8: instance ${id} runs ${model.version}, which is neither of the two versions`,
    ),
    ...leases.flatMap(({ resource, lease }) =>
      lease !== null && Date.parse(lease.until) > at + LONGEST_LEASE_MS + ROUNDING_MS
        ? [`law 9: the lease of ${resource} lasts until ${lease.until}, longer than is said`]
        : [],
    ),
  ];
}

/** Of a run that came to its end, main or post: what it says is so, and it leaves what it says. */
export function toldTruth(now: ServiceNow, acted: Acted): string[] {
  const { report, run } = acted;
  const ended = run.post ?? run.main;
  const outputs = run.post?.outputs.report ? run.post.outputs : run.main.outputs;
  if (wasNotRead(report)) {
    const headline = `law 11: the service could not be read, says a run: ${report.verdict.headline}`;
    return [headline, ...outputsAreSo(report, outputs)];
  }
  return [
    ...stateIsSo(now, report),
    ...instancesAreSo(now, report),
    ...headlineIsSo(now, report),
    ...outputsAreSo(report, outputs),
    ...leavesNothing(now, report, saysThatLeaseIsLeft(acted)),
    ...(ended.exitCode === null ? [`law 2: a process was killed and told a report all the same`] : []),
  ];
}

/** A run that says so says nothing else of how the service stands. */
function wasNotRead({ state, verdict }: RunReport): boolean {
  return state === 'unknown' && /could not be read/.test(verdict.headline);
}

function stateIsSo(now: ServiceNow, report: RunReport): string[] {
  const { state } = report;
  const { versions, usersOn, beside } = now;
  const record = [...now.tags.values()].some((tags) => recordOfTags(tags) !== null);
  const of = (resource: string | null) =>
    resource === null ? now.updated : now.updated.filter(({ role }) => role.includes(`/${resource}/`));
  const ran = (version: string, instances: readonly Instance[]) =>
    instances.every((one) => now.ranSince(lastLook(report), one).has(version));
  const isSo: Readonly<Record<string, boolean>> = {
    'not-prepared': !record && (beside === null ? ran(versions.before, now.updated) : true),
    prepared: record && ran(versions.before, now.updated),
    'in-progress':
      record && (mayHaveBegun(report) || now.updated.some(({ model }) => model.version === versions.target)),
    'going-back': record,
    updated: ran(versions.target, of(beside)),
    upgraded: record && ran(versions.target, of(beside)) && ran(versions.before, of(usersOn)),
    switched: record && ran(versions.target, of(usersOn)),
  };
  if (isSo[state] === true) return [];
  return [
    `law 11: the report's state is ${state}, and ${record ? 'a' : 'no'} record is there, the instances run ${tally(now.updated)}${usersOn ? `, users are on ${usersOn}` : ''}`,
  ];
}

/** Milliseconds since the epoch: when the run looked at the service for the last time, at the earliest. */
function lastLook({ service, startedAt }: RunReport): number {
  return Date.parse(service?.capacity?.series.at(-1)?.at ?? startedAt);
}

/**
 * A cloud service never tells what its instances run. Where the record has a walk that was begun, and nobody saw its end, it
 * may have come to them or not: that it is not known is the truth.
 */
function mayHaveBegun({ service }: RunReport): boolean {
  const told = service?.domains.flatMap(({ instances }) => instances) ?? [];
  return service?.kind === 'cloud-service' && told.some(({ runs }) => runs === 'unknown');
}

/** Where an instance was changed since the run looked last, what it ran at any moment since is true. */
function instancesAreSo(now: ServiceNow, report: RunReport): string[] {
  const { service } = report;
  if (service === null) return ['law 11: a run that ended tells nothing of the service'];
  const since = lastLook(report);
  return service.domains.flatMap((domain) =>
    domain.instances.flatMap((told) => {
      const instance = realOf(now, service, told);
      if (instance === undefined)
        return [`law 11: the report has ${told.role}/${told.id}, which is not there`];
      if (instance.updateDomain !== null && instance.updateDomain !== domain.domain)
        return [
          `law 11: ${told.role}/${told.id} is in domain ${instance.updateDomain}, not ${domain.domain}`,
        ];
      const ran = now.ranSince(since, instance);
      const named = /^\d+\.\d+\.\d+$/.test(told.now ?? '') ? told.now : null;
      const meant = { target: now.versions.target, previous: now.versions.before }[told.runs as string];
      const wrong = [named, meant].find((version) => version && !ran.has(version));
      if (wrong)
        return [`law 11: the report says ${wrong} of ${told.role}/${told.id}, which runs ${[...ran]}`];
      const isTold = told.runs === 'target' || told.runs === 'previous';
      const maybeSilent = told.runs === 'unknown' && service.kind === 'cloud-service';
      return isTold || maybeSilent || !now.atRestSince(since, instance)
        ? []
        : [`law 11: the report says ${told.runs} of ${told.role}/${told.id}, which runs ${[...ran]}`];
    }),
  );
}

function realOf(now: ServiceNow, { roles }: ServiceReport, told: InstanceView): Instance | undefined {
  const resource = roles.find(({ role }) => role === told.role)?.resource ?? '';
  return now.instances(resource, told.role).find(({ id }) => id === told.id);
}

const EVERY = /\b[Aa]ll (\d+) instances(?: of [\w ,]+?)? run (\d+\.\d+\.\d+)/;
const DOMAINS = /\bdomains? ([\d, and]+) runs? (\d+\.\d+\.\d+)/g;
/** "Users are on contoso-cloud", not "users are on the service that was updated". */
const USERS = /\busers are on (?!the service\b)([\w-]+)/i;

/** The first line that a person reads. */
function headlineIsSo(now: ServiceNow, report: RunReport): string[] {
  const { headline } = report.verdict;
  const wrong = (what: string) => `law 2: the headline is wrong, ${what}: ${headline}`;
  const { result, service } = report;
  const found: string[] = [];
  const instances = service === null ? [] : shown(now, service);
  const [, number, version] = EVERY.exec(headline) ?? [];
  if (number !== undefined && Number(number) !== instances.length)
    found.push(wrong(`there are ${instances.length} instances`));
  if (version !== undefined && instances.some((one) => !now.ranSince(lastLook(report), one).has(version)))
    found.push(wrong(`they run ${tally(instances)}`));
  for (const [, numbers = '', runs = ''] of headline.matchAll(DOMAINS)) {
    const domains = numbers.match(/\d+/g)?.map(Number) ?? [];
    const strange = instances.filter(
      (one) => domains.includes(one.updateDomain ?? -1) && !now.ranSince(lastLook(report), one).has(runs),
    );
    if (strange.length > 0) found.push(wrong(`${strange.map(({ id }) => id)} run ${tally(strange)}`));
  }
  const [, usersOn] = USERS.exec(headline) ?? [];
  if (usersOn !== undefined && usersOn !== now.usersOn) found.push(wrong(`users are on ${now.usersOn}`));
  if (/^Updated: /.test(headline) && !instances.every(({ model }) => model.version === now.versions.target))
    found.push(wrong(`they run ${tally(instances)}`));
  if (result === 'rolled-back' && instances.some(({ model }) => model.version !== now.versions.before))
    found.push(wrong(`they run ${tally(instances)}`));
  return found;
}

function shown(now: ServiceNow, { roles }: ServiceReport): Instance[] {
  return roles.flatMap(({ role, resource }) => now.instances(resource, role));
}

function outputsAreSo(report: RunReport, outputs: Readonly<Record<string, string>>): string[] {
  const { result, state, service } = report;
  const expected: Readonly<Record<string, string>> = {
    result,
    state,
    locked: String(service?.locked.locked ?? ''),
    'rollback-allowed': String(service?.rollbackAllowed.allowed ?? ''),
  };
  return Object.entries(expected).flatMap(([name, value]) =>
    outputs[name] === value
      ? []
      : [`law 2: output ${name} is ${outputs[name]}, and the report says ${value}`],
  );
}

/** Where Azure does not take it back the last step of the job says so, and until when it binds others. */
function saysThatLeaseIsLeft({ run }: Acted): boolean {
  return /could not be given free for other runs .* refused until /.test((run.post ?? run.main).log);
}

/** The lease is given back by every run that ends; at the end of an update nothing of it is left. */
function leavesNothing(
  now: ServiceNow,
  { state, result, service, phases }: RunReport,
  isLeaseTold: boolean,
): string[] {
  // A run that has nothing to do writes nothing, so the lapsed lease of one that died stays; it binds nobody.
  const looked = phases.every((phase) => phase === 'status' || phase === 'plan');
  const wroteNothing = looked || result === 'nothing-to-do' || result === 'refused';
  const isLapsed = (tags: Tags) => Date.parse(leaseOfTags(tags)?.until ?? '') < now.at;
  const isHarmless = (tags: Tags) => isLeaseTold || (wroteNothing && isLapsed(tags));
  const isLeft = (tags: Tags) => leaseOfTags(tags) !== null && !isHarmless(tags);
  const left = [...now.tags].flatMap(([name, tags]) =>
    isLeft(tags) ? [`law 9: the run has ended, and its lease is left on ${name}`] : [],
  );
  const isOver = state === 'not-prepared' || (state === 'updated' && !isRecorded(now));
  if (!isOver)
    return result === 'refused' || isRecorded(now) ? left : [...left, `law 8: ${state}, and no record`];
  const ours = [...now.tags].flatMap(([name, tags]) =>
    Object.keys(tags)
      .filter((tag) => tag.startsWith(MARK_TAG) && tag !== LASTING_TAG && tag !== LEASE_TAG)
      .map((tag) => `law 8: the update is over (${state}), and tag ${tag} is left on ${name}`),
  );
  const { on, atFirst } = now.automation;
  const held = atFirst
    .filter((one) => !on.includes(one))
    .map((one) => `law 2: the update is over (${state}), and ${one} is still switched off`);
  const said = (service?.held ?? []).map(
    (one) => `law 2: the update is over, and the report says held: ${one}`,
  );
  return [...left, ...ours, ...held, ...said];
}

/** Which package a cloud service has, that Azure never tells. */
const LASTING_TAG = 'rolling-upgrade-version';

function isRecorded({ tags }: ServiceNow): boolean {
  return [...tags.values()].some((its) => recordOfTags(its) !== null);
}

function tally(instances: readonly Instance[]): string {
  const groups = Map.groupBy(instances, ({ model }) => model.version);
  return [...groups].map(([version, some]) => `${version} × ${some.length}`).join(', ');
}

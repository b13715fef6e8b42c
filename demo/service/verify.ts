// Whether a run left the service as the story says, by the embedded Azure itself, and gave back what it had held.
import { asList, asObject, type JsonObject, type JsonValue } from '../../local-azure/arm/core/json.ts';
import type { RunReport } from '../../src/engine/report.ts';
import type { ServiceReport } from '../../src/engine/service-report.ts';
import { domainsOf, inDomain, type Picture, serving, versionsIn } from './picture.ts';
import type { Expected } from './story.ts';

export interface Ended {
  readonly report: Pick<RunReport, 'result' | 'state'> & {
    readonly service: Pick<ServiceReport, 'locked'> | null;
  };
  readonly exitCode: number | null;
  /** The instances afterwards. */
  readonly picture: Picture;
  /** In service at the lowest. */
  readonly lowest: number;
}

/** Empty where it is as expected. */
export function differences(expected: Expected, { report, exitCode, picture, lowest }: Ended): string[] {
  const green = expected.result === 'succeeded' || expected.result === 'nothing-to-do';
  const domains = domainsOf(picture).map((domain) => ({ domain, instances: inDomain(picture, domain) }));
  return [
    report.result === expected.result ? null : `result ${report.result}, not ${expected.result}`,
    (exitCode === 0) === green ? null : `exit code ${exitCode}`,
    report.state === expected.state ? null : `state ${report.state}, not ${expected.state}`,
    report.service?.locked.locked === false ? null : 'the report does not say that the service is free',
    ...domains.map(({ domain, instances }) => {
      const [running, wanted] = [versionsIn(instances), expected.versions[domain]];
      if (running !== wanted) return `domain ${domain} runs ${running}, not ${wanted}`;
      return serving(instances) < instances.length ? `domain ${domain} is not whole` : null;
    }),
    lowest === expected.lowest
      ? null
      : `${lowest} instances in service at the lowest, not ${expected.lowest}`,
  ].filter((difference) => difference !== null);
}

/** Marks of an update, and what was held for it, that are there after its end. */
export function leftBehind(state: JsonValue): string[] {
  const { scaleSets, cloudServices, autoscaleSettings } = asObject(state);
  const sets = asList(scaleSets).map(asObject);
  const services = asList(cloudServices).map(asObject);
  return [
    ...[...sets, ...services].filter(isMarked).map(({ name }) => `marks of the update are left on ${name}`),
    ...sets
      .filter(({ repairs }) => repairs !== 'Running')
      .map(({ name }) => `repairs of ${name} are still held`),
    ...asList(autoscaleSettings)
      .map(asObject)
      .filter(({ enabled }) => enabled !== true)
      .map(({ name }) => `${name} is still held`),
  ];
}

/** By a record or a lease; the version that a cloud service got stays noted on it, for Azure does not tell it. */
function isMarked({ tags }: JsonObject): boolean {
  return Object.keys(asObject(tags)).some((tag) => /^rolling-upgrade(-lease|-\d+)?$/.test(tag));
}

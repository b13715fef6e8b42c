// The laws of design.md for an application in two slots, as far as the world can be seen from outside, and whether what a
// run said is true. The oracle reads the embedded Azure itself, never through the product.
import type { LocalAzure } from '../../local-azure/start.ts';
import type { EndpointView, RunReport, SlotState } from '../../src/engine/report.ts';
import type { Acted } from '../acceptance/scenario.ts';
import { ending } from './ending.ts';
import { secretsIn } from './law-12.ts';
import type { Places, Site } from './worlds/slots-places.ts';

/** What is wrong now that a run has ended, or was cut off. A sentence each, the law's number first. */
export function violationsOfSlots(azure: LocalAzure, places: Places, last: Acted): string[] {
  const site = places.serving();
  const { report, byItself } = ending(last);
  return [
    ...servedViolations(places, site, byItself, report),
    ...(byItself && site ? frozenViolations(places, site, report) : []),
    ...(report && site ? truthViolations(azure, places, site, last, report) : []),
    ...secretsIn(azure, last),
  ];
}

/** Laws 1, 5, 7: users are on a site of one version, whose database is there and is what that version needs. */
function servedViolations(
  places: Places,
  site: Site | null,
  byItself: boolean,
  report: RunReport | null,
): string[] {
  if (site === null) return ['law 5: users are sent to nobody'];
  const { server, version } = site;
  if (server === null || !places.exists(server)) {
    return [`law 7: users are on ${site.name}, and its database on ${server} is not there`];
  }
  const upgraded = places.isUpgraded(server);
  const other = places.otherDatabase(server);
  return [
    ...(version === '2.0.0' && !upgraded
      ? [`law 5: V2 serves users on ${server}, which is not upgraded`]
      : []),
    ...(version === '1.0.0' && places.isTouched(server)
      ? [`law 3: the script ran on ${server}, which V1 serves users with`]
      : []),
    // Whoever still holds an old address must not write into a database that was left. A return to V1 that is cut off
    // leaves V1's database open, where nobody is: the next run closes it.
    ...(version === '2.0.0' && byItself && places.isWritable(other) && !mayBeMoving(places, server, report)
      ? [`law 1: users are on V2, and V1's database on ${other} can be written`]
      : []),
  ];
}

/**
 * A return to V1 whose write may come yet, and the run says so: users who arrive on V1 find it open, and V2's database
 * is closed, so that there is one place only where anybody could write.
 */
function mayBeMoving(places: Places, server: string, report: RunReport | null): boolean {
  return report?.reasonCode === 'switch-outcome-unknown' && !places.isWritable(server);
}

/** Law 2, of a run that ended by itself. */
function frozenViolations(places: Places, { server }: Site, report: RunReport | null): string[] {
  // One that is not there is law 7's.
  if (server === null || !places.exists(server) || places.isWritable(server)) return [];
  if (report === null) return [`law 2: ${server} is read-only, and the run has said nothing`];
  const said = report.verdict.headline.includes('PRODUCTION IS READ-ONLY');
  const meant =
    report.state === 'upgraded' || report.result === 'held' || report.result === 'rollback-failed';
  const looked = report.phases.every((phase) => phase === 'status' || phase === 'plan');
  if (said && (meant || looked)) return [];
  return [
    `law 2: ${server} is read-only after a run that ended ${report.result}: ${report.verdict.headline}`,
  ];
}

/** Law 11: what the run said is so. */
function truthViolations(
  azure: LocalAzure,
  places: Places,
  site: Site,
  { run }: Acted,
  report: RunReport,
): string[] {
  const outputs = run.post?.outputs.report ? run.post.outputs : run.main.outputs;
  const process = run.post?.outputs.report ? run.post : run.main;
  const { headline } = report.verdict;
  const isThere = site.server !== null && places.exists(site.server);
  const writable = isThere && site.server !== null && places.isWritable(site.server);
  const state = stateSeen(places, site);
  const isGreen = report.result === 'succeeded' || report.result === 'nothing-to-do';
  const told: [string, unknown, unknown][] = [
    ['output result', outputs.result, report.result],
    ['output state', outputs.state, report.state],
    ['output production-slot', outputs['production-slot'], report.productionSlot ?? ''],
    ['output reason-code', outputs['reason-code'], report.reasonCode ?? ''],
    ['a reason where it did not do what was asked', report.reasonCode !== null, !isGreen],
    // The post step is green where it has mended.
    ['green', process.exitCode === 0, isGreen || (process === run.post && report.result === 'rolled-back')],
    ...(report.after.length === 0
      ? []
      : ([
          ['production slot', report.productionSlot, site.slot?.name],
          [
            'state',
            report.state,
            state.includes(report.state as SlotState) ? report.state : state.join(' or '),
          ],
          ['"can read and write"', headline.includes('can read and write'), writable],
          ['"PRODUCTION IS READ-ONLY"', headline.includes('PRODUCTION IS READ-ONLY'), isThere && !writable],
          ['"THEY HAVE NO DATABASE"', headline.includes('THEY HAVE NO DATABASE'), !isThere],
        ] satisfies [string, unknown, unknown][])),
  ];
  return [
    ...told
      .filter(([, said, is]) => said !== is)
      .map(([what, said, is]) => `law 11: ${what} was told as ${said}, is ${is} (${headline})`),
    ...report.after.flatMap((view) => viewViolations(azure, places, view)),
  ];
}

/** The states that what is seen may be called; more than one only where journals decide what nobody outside can see. */
function stateSeen(places: Places, { server, version }: Site): SlotState[] {
  if (server === null || !places.exists(server)) return ['unknown'];
  const other = places.otherDatabase(server);
  const link = places.link();
  if (!places.isWritable(server)) {
    return link === null && places.exists(other) && places.isUpgraded(other)
      ? ['upgraded', 'frozen']
      : ['frozen'];
  }
  if (!places.exists(other)) return ['not-prepared'];
  // In two regions the stage is prepared with its own geo-secondary only.
  if (link !== null) return link === 'CATCH_UP' ? ['prepared', 'seeding'] : ['seeding'];
  return version === '2.0.0' ? ['switched'] : ['compromised'];
}

interface ProfileState {
  readonly trafficManagerProfiles: readonly {
    readonly endpoints: readonly {
      readonly target: string;
      readonly status: string;
      readonly priority: number;
    }[];
  }[];
}

/** A row of the endpoint table against the profile and the databases. */
function viewViolations(azure: LocalAzure, places: Places, view: EndpointView): string[] {
  const { trafficManagerProfiles } = azure.arm.state() as unknown as ProfileState;
  const endpoint = trafficManagerProfiles
    .flatMap(({ endpoints }) => endpoints)
    .find(({ target }) => target.startsWith(`${view.site}.`));
  const wrong = view.databases.flatMap(({ server, access }) => {
    const is = !places.exists(server) ? 'absent' : places.isWritable(server) ? 'read-write' : 'read-only';
    // Nobody gets into a copy while it is being made.
    const fits = access === is || (access === 'unreachable' && is === 'read-only');
    return fits ? [] : [`${server} is ${access}, it is ${is}`];
  });
  const differs = endpoint && (endpoint.status !== view.status || endpoint.priority !== view.priority);
  return [
    ...wrong.map((which) => `law 11: the table says ${which}`),
    ...(differs
      ? [
          `law 11: the table says ${view.site} ${view.status} ${view.priority}, it is ${endpoint.status} ${endpoint.priority}`,
        ]
      : []),
  ];
}

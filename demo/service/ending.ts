// What the demo of services ends with: whether everything was verified, and the numbers.
import type { VisitsReport } from '../../local-azure/users/visitors.ts';
import { textTable } from '../../src/action/summary/text-table.ts';
import type { Ending } from '../ending.ts';
import { domainsOf, inDomain, versionsIn } from './picture.ts';
import type { PlayedWalk } from './play.ts';
import type { ServiceScene } from './scene.ts';
import { VISITED } from './story.ts';
import { LEGEND, momentLines } from './text.ts';

/** Visitors have gone home. @param seconds the demo took. */
export function serviceEnding(
  played: readonly PlayedWalk[],
  { azure, visitors }: ServiceScene,
  seconds: number,
): Ending {
  const visits = visitors.report();
  const problems = [
    ...played.flatMap((one) => one.problems),
    ...played.filter(({ promise }) => promise.samples === 0).map(() => 'nobody watched the instances'),
    ...VISITED.flatMap(({ host, fabricName }) =>
      visitProblems(host, visits[host], azure.compute.counts(fabricName).answered),
    ),
  ];
  const good = problems.length === 0;
  return {
    good,
    verdict: good
      ? `Verified: ${claims(played, Object.values(visits))}. (${seconds} s)`
      : `NOT VERIFIED: ${problems.join('; ')}.`,
    parts: [
      { title: 'What users saw', text: visitLines(visits).join('\n') },
      { title: 'Instances in service', text: capacityLines(played).join('\n') },
      ...played.filter(hasMoved).map(({ act, moments }) => ({
        title: act.title,
        text: [...momentLines(moments), LEGEND].join('\n'),
      })),
    ],
  };
}

/** Whether there is more to show than how it began. */
export function hasMoved({ moments }: PlayedWalk): boolean {
  return moments.length > 1;
}

/** @param balanced requests that the load balancer has answered, by its own count. */
function visitProblems(host: string, visits: VisitsReport | undefined, balanced: number): string[] {
  if (!visits || visits.answered === 0) return [`${host} was not visited`];
  const refused = sum(visits.refused);
  return [
    refused === 0 ? null : `${refused} requests to ${host} were refused while there was capacity`,
    visits.answered === balanced
      ? null
      : `${host}: visitors count ${visits.answered} answers, its load balancer ${balanced}`,
  ].filter((problem) => problem !== null);
}

function claims(played: readonly PlayedWalk[], visits: readonly VisitsReport[]): string {
  const looks = played.reduce((total, { promise }) => total + promise.samples, 0);
  const answered = visits.reduce((total, one) => total + one.answered, 0);
  return `every run ended as it should, at ${looks} looks never more than one domain was out of service, ${answered} requests were answered and none refused, nothing is held any more`;
}

function visitLines(visits: Readonly<Record<string, VisitsReport>>): string[] {
  const rows = Object.entries(visits).map(([host, { answered, refused, byVersion }]) => [
    host.split('.')[0] ?? host,
    String(answered).padStart(8),
    String(sum(refused)).padStart(7),
    counted(byVersion) + (sum(refused) > 0 ? `   (refused: ${counted(refused)})` : ''),
  ]);
  return textTable([['SERVICE', 'ANSWERED', 'REFUSED', 'BY VERSION'], ...rows]);
}

function capacityLines(played: readonly PlayedWalk[]): string[] {
  const rows = played.map(({ act, lowest, moments, promise }) => {
    const picture = moments.at(-1)?.picture ?? [];
    const sizes = domainsOf(picture).map((domain) => inDomain(picture, domain));
    const all = sizes.reduce((total, instances) => total + instances.length, 0);
    return [
      act.title,
      `${lowest} of ${all}`,
      String(promise.samples).padStart(5),
      sizes.map(versionsIn).join(', '),
    ];
  });
  return textTable([['RUN', 'LOWEST', 'LOOKS', 'BY DOMAIN, AFTERWARDS'], ...rows]);
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what}: ${count}`)
    .join(', ');
}

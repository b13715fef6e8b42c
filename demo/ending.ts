// What the demo ends with: whether everything was verified, and the numbers.
import type { TopologyName } from '../local-azure/topologies/contoso.ts';
import type { UsersReport } from '../local-azure/users/books.ts';
import { renderEndpointTableText } from '../src/action/summary/endpoint-text.ts';
import type { Played } from './acts/played.ts';
import { serversOf } from './databases/picture.ts';
import { momentLines } from './databases/text.ts';
import type { Disaster } from './disaster-book.ts';
import { lostWrites } from './orders.ts';
import type { RuleKept } from './sampler.ts';
import type { Scene } from './scene.ts';
import { STORIES } from './story.ts';
import { disasterLines, usersLines, WHY_GAP_AND_WINDOW_DIFFER, windowLines } from './users-view.ts';

export interface Ending {
  readonly good: boolean;
  readonly verdict: string;
  readonly parts: readonly Part[];
}

interface Part {
  readonly title: string;
  readonly text: string;
}

interface Facts {
  readonly topology: TopologyName;
  readonly played: readonly Played[];
  readonly users: UsersReport;
  readonly disaster: Disaster | null;
  /** Acknowledged writes that are gone, and that a disaster does not explain. */
  readonly lost: number;
  readonly lostInDisaster: number;
  readonly law10: RuleKept | null;
}

/** Users have gone home, the sampler has stopped. @param seconds the demo took. */
export async function endingOf(
  topology: TopologyName,
  played: readonly Played[],
  scene: Scene,
  seconds: number,
): Promise<Ending> {
  const { azure, users, sampler } = scene;
  const disaster = scene.disaster.read();
  const gone = await lostWrites(azure, STORIES[topology].end.sqlServer, users);
  const lost = gone.filter((id) => !disaster?.notArrived.has(id.toLowerCase())).length;
  const facts: Facts = {
    topology,
    played,
    users: users.report(),
    disaster,
    lost,
    lostInDisaster: gone.length - lost,
    law10: sampler.rule(),
  };
  const problems = problemsOf(facts);
  const good = problems.length === 0;
  return {
    good,
    verdict: good ? `Verified: ${claims(facts)}. (${seconds} s)` : `NOT VERIFIED: ${problems.join('; ')}.`,
    parts: [...usersParts(facts), ...databaseParts(facts, scene), endpointPart(facts)],
  };
}

function problemsOf({ topology, played, users, lost, law10 }: Facts): string[] {
  const { answeredBy } = STORIES[topology].end;
  return [
    ...played.flatMap((one) => one.problems),
    ...(law10 ? law10.violations : []),
    law10?.samples === 0 ? 'nobody watched the databases' : null,
    users.lastAnsweredBy === answeredBy
      ? null
      : `users are answered by ${users.lastAnsweredBy}, not ${answeredBy}`,
    users.writes.acknowledged > 0 ? null : 'nothing was written',
    lost === 0 ? null : `${lost} writes lost`,
  ].filter((problem) => problem !== null);
}

function claims({ topology, law10, lostInDisaster }: Facts): string {
  const protection = law10
    ? `the database that served users had a caught-up geo-secondary in the other region at each of ${law10.samples} looks, `
    : '';
  const inDisaster =
    lostInDisaster > 0 ? ` but ${lostInDisaster} that had not arrived when the region was lost` : '';
  return `every phase ended as it should, ${protection}${STORIES[topology].end.inWords}, no write was lost${inDisaster}`;
}

function usersParts(facts: Facts): Part[] {
  const { users, disaster, lost, lostInDisaster } = facts;
  const windows = [...windowLines(reports(facts)), WHY_GAP_AND_WINDOW_DIFFER];
  const upgrades: Part[] = [
    { title: 'What users saw', text: usersLines(disaster?.usersBefore ?? users, lost).join('\n') },
    { title: 'Read-only windows', text: windows.join('\n') },
  ];
  if (!disaster) return upgrades;
  const lines = disasterLines(disaster, users, lostInDisaster);
  return [...upgrades, { title: `What users saw when ${disaster.region} was lost`, text: lines.join('\n') }];
}

function databaseParts({ topology, law10 }: Facts, { sampler }: Scene): Part[] {
  if (!law10) return [];
  const servers = serversOf(topology).flatMap((slot) => slot.map(({ sqlServer }) => sqlServer));
  const counted = `looks ${law10.samples}, violations ${law10.violations.length}`;
  return [
    { title: 'The four databases and their links', text: momentLines(sampler.moments(), servers).join('\n') },
    {
      title:
        'Protection: a caught-up geo-secondary in the other region, behind the database that serves users',
      text: [counted, ...law10.violations].join('\n'),
    },
  ];
}

/** By the last run: after a disaster that is what was left, before the database was failed over. */
function endpointPart(facts: Facts): Part {
  const { disaster } = facts;
  return {
    title: disaster
      ? `What status found while ${disaster.region} was lost, before the failover`
      : 'Where everything stands',
    text: renderEndpointTableText(reports(facts).at(-1)?.after ?? []),
  };
}

function reports({ played }: Facts) {
  return played.flatMap(({ report }) => report ?? []);
}

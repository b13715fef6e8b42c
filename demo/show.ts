// The demo of an application with its database: users read and write through the public name all the while.
import { type TopologyName, TRAFFIC } from '../local-azure/topologies/contoso.ts';
import { playAll } from './acts/play.ts';
import { momentsHtml } from './databases/page.ts';
import { serversOf } from './databases/picture.ts';
import { type Ending, endingOf } from './ending.ts';
import { openScene } from './scene.ts';
import { STORIES } from './story.ts';

/** What is left of a demo when it is over. */
export interface Shown {
  readonly ending: Ending;
  /** In order. Summaries are Markdown. */
  readonly runs: readonly { readonly title: string; readonly summary: string }[];
  /** HTML of what was watched; null where that shows nothing. */
  readonly figures: { readonly title: string; readonly html: string } | null;
}

export async function showApplication(topology: TopologyName, say: (line: string) => void): Promise<Shown> {
  const startedAt = Date.now();
  const scene = await openScene(topology, say);
  const { sites, acts } = STORIES[topology];
  say(
    `An embedded Azure is running on loopback: resource manager, Entra, SQL over TDS, Traffic Manager, DNS, ${sites}.`,
  );
  say(`Users open https://${TRAFFIC.publicName}: 20 reads and 10 writes a second, all the while.\n`);
  const played = await playAll(acts, scene);
  await scene.users.stop();
  scene.sampler.stop();
  const ending = await endingOf(topology, played, scene, Math.round((Date.now() - startedAt) / 1000));
  await scene.close();
  const isWatched = scene.sampler.rule() !== null;
  return {
    ending,
    runs: played.map(({ act, summary }) => ({ title: act.title, summary })),
    figures: isWatched
      ? {
          title: 'The databases and their links, whenever they changed',
          html: momentsHtml(scene.sampler.moments(), serversOf(topology)),
        }
      : null,
  };
}

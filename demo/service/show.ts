// The demo of services whose instances stand in update domains.
import type { Shown } from '../show.ts';
import { hasMoved, serviceEnding } from './ending.ts';
import { momentsHtml } from './page.ts';
import { playWalks } from './play.ts';
import { openServiceScene, REQUESTS_PER_SECOND } from './scene.ts';
import { ACTS, VISITED } from './story.ts';

export async function showService(say: (line: string) => void): Promise<Shown> {
  const startedAt = Date.now();
  const scene = await openServiceScene(say);
  say(
    'An embedded Azure is running on loopback: resource manager, Entra, DNS, scale sets and a cloud service behind load balancers.',
  );
  say(
    `Users open ${VISITED.length} services: ${REQUESTS_PER_SECOND} requests a second each, all the while.\n`,
  );
  const played = await playWalks(ACTS, scene);
  await scene.visitors.stop();
  const ending = serviceEnding(played, scene, Math.round((Date.now() - startedAt) / 1000));
  await scene.close();
  const walks = played.filter(hasMoved).map(({ act, moments }) => ({ title: act.title, moments }));
  return {
    ending,
    runs: played.map(({ act, summary }) => ({ title: act.title, summary })),
    figures: { title: 'The instances, domain by domain, whenever they changed', html: momentsHtml(walks) },
  };
}

// Planned termination, second half: the drained link is removed, that one only, and its absence is proven on
// both sides. Azure's answer alone is no proof: where the partner cannot be reached the removal "succeeds but
// the secondary doesn't become read-write until after connectivity is restored".
import { isRightMissing, rightMissing } from '../application/missing-right.ts';
import { linkToSecondary } from '../application/observe.ts';
import type { GeoLink } from '../application/regions.ts';
import { ensureStillAlone } from '../application/still-alone.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { linkTo, readLinks } from '../azure/tsql/geo-replication.ts';
import { shell } from '../engine/command-line.ts';
import { orAbort } from '../engine/or-abort.ts';
import { pauseAfter } from '../engine/pace.ts';
import { done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { askedFirst } from './asked-first.ts';
import { assertFrozen, productionLink } from './drain.ts';
import { linkAtPrimary, linkName, protectionLinks } from './protection.ts';
import { nothingRead, type ReadAhead } from './read-ahead.ts';
import { mayPass } from './remove-until-gone.ts';
import { USERS_WAIT } from './users-wait.ts';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 1_000;
/** A link that is still seen so long after its removal may be another one. Milliseconds. */
const SEEN_GONE_WITHIN_MS = 5_000;

export function terminateLink(context: UpgradeContext, ahead = nothingRead()): Step {
  const { production, stage } = context;
  return {
    id: 'terminate-link',
    title: 'Planned termination: the stage database becomes independent',
    article: null,
    phase: 'upgrade',
    changes: `the geo-replication link ${production.server.name} → ${stage.server.name} is removed; it cannot be restored, a new upgrade copies anew`,
    pivot: false,
    assess: async () => {
      const links = await forEachDatabase(context, (pair) => productionLink(context, pair));
      return links.some((link) => link !== null) ? toDo() : done('no link between production and stage');
    },
    apply: async (run) => {
      await ensureStillAlone(context); // once: all of them would ask on one connection, one after the other
      const evidence = await forEachDatabase(context, (pair) => terminate(context, ahead, pair, run));
      context.window.spend('stage read-write');
      return evidence;
    },
    undo: null,
  };
}

async function terminate(
  context: UpgradeContext,
  ahead: ReadAhead,
  pair: DatabasePair,
  run: StepRun,
): Promise<string> {
  await assertFrozen(context, pair);
  const known = readAheadLink(ahead, pair);
  await removeLink(context, known, pair, run);
  await waitUntilAbsent(context, known, pair, run);
  const gone = `${pair.name}: neither ${context.production.server.name} nor ${context.stage.server.name} has the link any more`;
  return [gone, ...(await linksThatStay(context, pair))].join('; ');
}

/** That no other link was cut. One that is missing is told: the way on is shorter than the way to a new one. */
async function linksThatStay(context: UpgradeContext, pair: DatabasePair): Promise<string[]> {
  const told = await Promise.all(protectionLinks(context).map((link) => linkThatStays(context, link, pair)));
  return told.filter((one) => one !== null);
}

async function linkThatStays(
  context: UpgradeContext,
  link: GeoLink,
  { name }: DatabasePair,
): Promise<string | null> {
  const seen = await linkAtPrimary(context, link, name).catch(
    (error: unknown) => new Error(`cannot be read: ${messageOf(error)}`),
  );
  if (seen !== null && !(seen instanceof Error)) return `${linkName(link)} is still there (${seen.state})`;
  const what = seen === null ? 'is missing' : seen.message;
  context.log.warning(`${name}: ${linkName(link)}, which protects from a disaster, ${what}`);
  return null;
}

/** An id names one link and no other: where that is gone none is removed. */
function readAheadLink({ observed }: ReadAhead, pair: DatabasePair): string | null {
  return observed?.databases.find(({ name }) => name === pair.name)?.link?.id ?? null;
}

async function removeLink(
  context: UpgradeContext,
  known: string | null,
  pair: DatabasePair,
  run: StepRun,
): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  let sent = 0;
  // Just asked when it is sent for the first time; a link that is read anew may be another run's copy.
  const asked = askedFirst(async () => {
    run.signal.throwIfAborted(); // production may have been given back by then
    if (sent++ > 0) await ensureStillAlone(context);
  });
  for (let attempt = 1; ; attempt++) {
    // Read anew at each further attempt: the link may be gone, and then there is nothing to repeat.
    const id = (attempt === 1 && known) || (await linkId(context, pair, run));
    if (!id) return;
    try {
      await orAbort(context.azure.sql.removeLink(pair.production, id, asked.beforeSending), run.signal);
      return;
    } catch (error) {
      run.signal.throwIfAborted();
      if (asked.refusal() !== null) throw asked.refusal();
      if (isRightMissing(error)) throw rightMissing(error, `The link of ${pair.name} was not removed. `);
      if (attempt === ATTEMPTS || !mayPass(error)) throw notTerminated(context, pair, error);
      run.progress(`${pair.name}: removing the link answered ${messageOf(error)}; reading back`);
      await context.clock.sleep(pause, run.signal);
      pause *= 2;
    }
  }
}

async function linkId(context: UpgradeContext, pair: DatabasePair, run: StepRun): Promise<string | null> {
  const links = await orAbort(context.azure.sql.listLinks(pair.production), run.signal);
  return linkToSecondary(links, pair.stage)?.id ?? null;
}

/** @param known the id that was removed without being looked up; null where it was. */
async function waitUntilAbsent(
  context: UpgradeContext,
  known: string | null,
  pair: DatabasePair,
  run: StepRun,
): Promise<void> {
  let toCheck = known;
  const startedAt = context.clock.now();
  const until = startedAt + context.config.drainTimeoutMs;
  for (;;) {
    run.signal.throwIfAborted();
    const linked = await Promise.all([productionLink(context, pair), stageStillLinked(context, pair)]);
    const seen = [context.production, context.stage]
      .filter((_slot, end) => linked[end])
      .map(({ server }) => server.name);
    if (seen.length === 0) return;
    if (context.clock.now() > until)
      throw notTerminated(context, pair, null, `${seen.join(' and ')} still has it`);
    if (toCheck !== null && context.clock.now() - startedAt > SEEN_GONE_WITHIN_MS) {
      await removeOther(context, toCheck, pair, run);
      toCheck = null;
    }
    await context.clock.sleep(pauseAfter(context.clock.now() - startedAt, USERS_WAIT), run.signal);
  }
}

/** Azure may answer the removal of a link that is not there with 204: it was made anew meanwhile, under an id of its own. */
async function removeOther(
  context: UpgradeContext,
  removed: string,
  pair: DatabasePair,
  run: StepRun,
): Promise<void> {
  const id = await linkId(context, pair, run);
  if (id === null || id === removed) return;
  await ensureStillAlone(context);
  await removeLink(context, id, pair, run);
}

async function stageStillLinked(context: UpgradeContext, pair: DatabasePair): Promise<boolean> {
  return context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
    return linkTo(await readLinks(connection), context.production.server.name) !== null;
  });
}

function notTerminated(context: UpgradeContext, pair: DatabasePair, cause: unknown, why = ''): UpgradeError {
  const { server, database, resourceGroup } = pair.production;
  return new UpgradeError(
    'link-termination-failed',
    `The link of ${database} from ${server} to ${context.stage.server.name} could not be removed${why ? `: ${why}` : ''}`,
    { cause, advice: [shell`az sql db replica list-links -g ${resourceGroup} -s ${server} -n ${database}`] },
  );
}

// What protects a slot from a disaster: the links to its geo-secondary in the backup region.
import { type GeoLink, productionToStandby, stageToStandby, targetOn } from '../application/regions.ts';
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import { type LinkStatus, linkAs, readLinks } from '../azure/tsql/geo-replication.ts';
import { shell } from '../engine/command-line.ts';
import { orAbort } from '../engine/or-abort.ts';
import { pauseAfter } from '../engine/pace.ts';
import type { StepRun } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { type Drained, notYet, readEnds } from './drained-link.ts';
import { USERS_WAIT } from './users-wait.ts';

/** How far the geo-secondary may be behind when users arrive. Seconds. */
const ACCEPTED_LAG_SECONDS = 5;

/** The links that stand before, during and after the cut; none in single-region. */
export function protectionLinks(context: UpgradeContext): readonly GeoLink[] {
  if (!context.stage.standby) return [];
  const production = productionToStandby(context);
  return context.config.standbyMode === 'chained' ? [production, stageToStandby(context)] : [production];
}

/** "contoso-sql-1 → contoso-sql-dr". */
export function linkName({ from, to }: GeoLink): string {
  return `${from.server.name} → ${to.server.name}`;
}

/** The link as its primary sees it; null where there is none, or it runs the other way by now. Throws SqlError. */
export function linkAtPrimary(
  context: UpgradeContext,
  { from, to }: GeoLink,
  name: string,
): Promise<LinkStatus | null> {
  return context.sessions.on(targetOn(from, name, 'primary'), async (connection) =>
    linkAs('primary', await readLinks(connection), to.server.name),
  );
}

/**
 * Both ends of a protecting link answer and are in CATCH_UP. Returns the evidence; throws 'standby-not-caught-up'.
 */
export async function assertCaughtUp(context: UpgradeContext, link: GeoLink, name: string): Promise<string> {
  try {
    const { from, to } = await readEnds(context, link, name);
    const [here, there] = [from.link?.state ?? 'no primary', to.link?.state ?? 'no secondary'];
    if (here === 'CATCH_UP' && there === 'CATCH_UP') return `${linkName(link)} CATCH_UP`;
    throw notCaughtUp(link, name, `${here} on ${link.from.server.name}, ${there} on ${link.to.server.name}`);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw notCaughtUp(link, name, error.message, error);
  }
}

function notCaughtUp(link: GeoLink, name: string, seen: string, cause?: unknown): UpgradeError {
  const { resourceGroup, sqlResourceGroup, sqlServer } = link.from.config;
  return new UpgradeError(
    'standby-not-caught-up',
    `${name}: the geo-replication ${linkName(link)} has not caught up (${seen}), so a disaster during the upgrade would find this slot unprotected`,
    {
      cause,
      advice: [
        shell`az sql db replica list-links -g ${sqlResourceGroup || resourceGroup} -s ${sqlServer} -n ${name}`,
        'Run the phase again once it says CATCH_UP.',
      ],
    },
  );
}

/**
 * Law 10, just before users arrive: the stage database's geo-secondary has caught up. Waits `timeoutMs` at most, returns
 * the evidence, and throws 'standby-not-caught-up'.
 */
export async function waitUntilProtected(
  context: UpgradeContext,
  pair: DatabasePair,
  run: StepRun,
  timeoutMs: number,
): Promise<string> {
  const link = stageToStandby(context);
  const startedAt = context.clock.now();
  const until = startedAt + timeoutMs;
  let told = '';
  for (;;) {
    run.signal.throwIfAborted();
    const seen = await orAbort(lookAtProtection(context, link, pair.name), run.signal);
    if (seen.kind === 'drained') return `${pair.name}: ${seen.evidence}`;
    if (context.clock.now() >= until) throw unprotected(context, link, pair.name, seen.missing);
    if (seen.missing !== told) run.progress(`${pair.name}: ${seen.missing}`);
    told = seen.missing;
    await context.clock.sleep(pauseAfter(context.clock.now() - startedAt, USERS_WAIT), run.signal);
  }
}

async function lookAtProtection(context: UpgradeContext, link: GeoLink, name: string): Promise<Drained> {
  try {
    const { from, to } = await readEnds(context, link, name);
    const { lagSeconds = null, state } = from.link ?? { state: 'no primary' };
    if (state !== 'CATCH_UP') return notYet(`${linkName(link)} is ${state} on ${link.from.server.name}`);
    if (to.link?.state !== 'CATCH_UP')
      return notYet(`${linkName(link)} is ${to.link?.state ?? 'no secondary'} on ${link.to.server.name}`);
    if (lagSeconds === null) return notYet(`the lag of ${linkName(link)} is not known`);
    if (lagSeconds > ACCEPTED_LAG_SECONDS) return notYet(`${linkName(link)} is ${lagSeconds} s behind`);
    return { kind: 'drained', evidence: `${linkName(link)} CATCH_UP, lag ${lagSeconds} s` };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return notYet(`${linkName(link)} cannot be read: ${error.message}`);
  }
}

function unprotected(context: UpgradeContext, link: GeoLink, name: string, missing: string): UpgradeError {
  return new UpgradeError(
    'standby-not-caught-up',
    `Users are not sent to ${context.stage.config.name}: its geo-secondary of ${name} has not caught up: ${missing}`,
    {
      advice: [
        `On ${link.from.server.name}: SELECT * FROM sys.dm_geo_replication_link_status;`,
        `Users stay on ${context.production.config.name} with its own geo-secondary.`,
      ],
    },
  );
}

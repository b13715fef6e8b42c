// Whether the expected version answers at an address. A 200 is not enough: deploy actions that took it for
// success have reported green on the old version for years.
import type { WebAnswer } from '../azure/ports.ts';
import type { HealthConfig } from '../config/config.ts';
import { orAbort } from '../engine/or-abort.ts';
import { pauseAfter } from '../engine/pace.ts';
import type { StepRun } from '../engine/step.ts';
import type { UpgradeContext } from './upgrade-context.ts';

export interface HealthAnswer {
  readonly healthy: boolean;
  /** Of HTTP; null where nothing answered. */
  readonly status: number | null;
  /** What answered; null where nothing did or it named no version. */
  readonly version: string | null;
  /** The names the address went through, e.g. www → profile → site. */
  readonly chain: readonly string[];
  readonly evidence: string;
}

/** Asks once. Never throws: no answer is an answer. */
export async function askHealth(context: UpgradeContext, host: string): Promise<HealthAnswer> {
  const { health } = context.config;
  const url = `${health.protocol}://${host}${health.path}`;
  return judge(health, url, await context.azure.web.get(url, health.requestTimeoutMs));
}

const NO_ANSWER = { healthy: false, status: null, version: null };

function judge(health: HealthConfig, url: string, answer: WebAnswer): HealthAnswer {
  if (answer.kind === 'failed') {
    return { ...NO_ANSWER, chain: answer.chain, evidence: `${url}: ${answer.why}` };
  }
  const version = versionOf(health, answer);
  const statusOk = health.expectedStatus.includes(answer.status);
  const healthy = statusOk && version === health.expectedVersion;
  const evidence = `${url} answered ${answer.status}, version ${version ?? 'not told'}`;
  return { healthy, status: answer.status, version, chain: answer.chain, evidence };
}

/** More than a version ever is; and pages, stack traces and what is meant for a terminal are none. */
const VERSION = /^[^\p{Cc}\u2028\u2029]{1,256}$/u;

/** What the site says is shown to people and handed to later steps: what cannot be a version is not. */
function versionOf(health: HealthConfig, answer: Extract<WebAnswer, { kind: 'answered' }>): string | null {
  const told = toldVersion(health, answer);
  return told !== null && VERSION.test(told) ? told : null;
}

function toldVersion(health: HealthConfig, answer: Extract<WebAnswer, { kind: 'answered' }>): string | null {
  switch (health.versionFrom.kind) {
    case 'header':
      return answer.headers[health.versionFrom.name.toLowerCase()] ?? null;
    case 'body':
      return answer.body.trim() || null;
    case 'json':
      return jsonProperty(answer.body, health.versionFrom.property);
  }
}

/** The value at a dotted path ("build.version"); null where it is not there. */
function jsonProperty(body: string, path: string): string | null {
  try {
    let value: unknown = JSON.parse(body);
    for (const name of path.split('.')) value = ownMember(value, name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  } catch {
    return null;
  }
}

function ownMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

export type HealthWait =
  | { readonly kind: 'healthy'; readonly evidence: string }
  | { readonly kind: 'not-healthy'; readonly evidence: string };

export interface HealthWaitOptions {
  readonly timeoutMs: number;
  /** Why an answer proves nothing, whatever it says; null where it does. */
  readonly through?: (answer: HealthAnswer) => string | null;
  readonly onFirst?: () => void;
  /** Users can only read meanwhile: good answers are asked for one right after the other. */
  readonly usersWait?: true;
}

const SHORTEST_PAUSE_MS = 250;

/**
 * Asks until the expected version has answered `consecutive` times in a row, and `through` says the answer came by
 * the right way; gives up after `timeoutMs`. Until it answers it is asked often at first and less often later, never less
 * often than at the configured interval.
 */
export async function waitForHealth(
  context: UpgradeContext,
  host: string,
  run: StepRun,
  options: HealthWaitOptions,
): Promise<HealthWait> {
  const { health } = context.config;
  const startedAt = context.clock.now();
  const until = startedAt + options.timeoutMs;
  let inARow = 0;
  let seen = false;
  for (;;) {
    run.signal.throwIfAborted();
    const answer = await orAbort(askHealth(context, host), run.signal);
    const wrongWay = answer.healthy ? (options.through?.(answer) ?? null) : null;
    if (answer.healthy && !wrongWay) {
      if (!seen) options.onFirst?.();
      seen = true;
      inARow++;
      if (inARow >= health.consecutive) {
        return { kind: 'healthy', evidence: `${answer.evidence}, ${inARow} times in a row` };
      }
    } else {
      inARow = 0;
      run.progress(wrongWay ?? answer.evidence);
    }
    if (context.clock.now() > until) return { kind: 'not-healthy', evidence: wrongWay ?? answer.evidence };
    const waitedMs = context.clock.now() - startedAt;
    await context.clock.sleep(untilNextLook(inARow > 0, waitedMs, health, options), run.signal);
  }
}

function untilNextLook(
  isGood: boolean,
  waitedMs: number,
  { intervalMs }: HealthConfig,
  { usersWait }: HealthWaitOptions,
): number {
  if (isGood) return usersWait ? 0 : intervalMs;
  return pauseAfter(waitedMs, { shortest: SHORTEST_PAUSE_MS, longest: intervalMs });
}

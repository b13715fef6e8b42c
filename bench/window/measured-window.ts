// How long users could only read, and what it went on, from what the embedded Azure and a user saw. Pure.
import type { Latency } from '../../local-azure/latency.ts';
import { NOTHING, plus, type Tally, tallyOf } from '../requests/tally.ts';
import type { Call } from './calls.ts';
import { type Shares, sharesOf } from './shares.ts';
import type { Try } from './writer.ts';

/** Milliseconds. */
export interface MeasuredWindow {
  /** From the freeze acknowledged to the first write accepted on version 2. */
  readonly window: number;
  /** From the freeze acknowledged until the write of the profile was. */
  readonly untilProfile: number;
  /** The batches of the upgrade script, and nothing between them. */
  readonly script: number;
  /** From the profile's acknowledgement until DNS answered with the new endpoint. */
  readonly dns: number;
  /** What neither the script nor DNS took. */
  readonly rest: number;
  /** Requests that came between the two acknowledgements, with the few logins of the sites themselves. */
  readonly asked: Tally;
  /** What was under way between them. */
  readonly shares: Shares;
}

/** Whose calls are whose: the two servers, and the mark in every batch of the script. */
export interface Signs {
  readonly production: string;
  readonly stage: string;
  /** Host name of version 2's site. */
  readonly stageSite: string;
  readonly scriptMark: string;
}

/** Throws where the calls do not hold a whole upgrade. */
export function measureWindow(calls: readonly Call[], tries: readonly Try[], signs: Signs): MeasuredWindow {
  const frozen = answeredOf(
    calls.findLast((call) => isFreeze(call, signs)),
    'the freeze',
  );
  const onStage = tries.filter(({ site }) => site === signs.stageSite);
  const resolved = onStage[0]?.resolved;
  const accepted = onStage.find((one) => one.accepted !== null)?.accepted;
  if (resolved === undefined || !accepted) throw new Error('nobody has written on version 2');
  // The last one before users were sent there: an earlier one would make DNS look slow.
  const profile = answeredOf(
    calls.findLast(({ name, answered }) => isProfileWrite(name) && answered !== null && answered < resolved),
    'the write of the profile',
  );
  if (profile < frozen) throw new Error('the profile was written before the freeze');
  const script = sum(
    scriptBatches(calls, signs).map((batch) => answeredOf(batch, 'the script') - batch.begun),
  );
  const dns = resolved - profile;
  const window = accepted - frozen;
  const asked = calls
    .filter(({ begun }) => begun > frozen && begun < profile)
    .reduce((total, { name }) => plus(total, tallyOf(name)), NOTHING);
  return {
    window,
    untilProfile: profile - frozen,
    script,
    dns,
    rest: window - script - dns,
    asked,
    shares: sharesOf(calls, frozen, profile, signs),
  };
}

function scriptBatches(calls: readonly Call[], { stage, scriptMark }: Signs): readonly Call[] {
  const batches = calls.filter(
    ({ name }) => name.startsWith(`sql batch ${stage}/`) && name.includes(scriptMark),
  );
  if (batches.length === 0) throw new Error('no batch of the script was seen');
  return batches;
}

/**
 * What the four operations that cannot be avoided take of the embedded Azure: freeze, unlink, stage read-write and the write of
 * the profile.
 */
export function platformMs(latency: Latency): number {
  return accessModeMs(latency) + platformInWindowMs(latency);
}

/** The same without the freeze, which comes before the window: what whoever wasted nothing would still take in it. */
export function platformInWindowMs(latency: Latency): number {
  const armRequest = latency.of('arm-request');
  return accessModeMs(latency) + armRequest + (armRequest + latency.of('profile-write'));
}

const accessModeMs = (latency: Latency) => latency.of('sql-batch') + latency.of('set-read-only');

function isFreeze({ name }: Call, { production }: Signs): boolean {
  return name.startsWith(`sql batch ${production}/`) && /ALTER DATABASE .*SET READ_ONLY/i.test(name);
}

function isProfileWrite(name: string): boolean {
  return /^arm (PUT|PATCH) .*\/trafficManagerProfiles\//i.test(name);
}

function answeredOf(call: Call | undefined, what: string): number {
  if (!call) throw new Error(`${what} was not seen`);
  if (call.answered === null) throw new Error(`${what} was not answered`);
  return call.answered;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

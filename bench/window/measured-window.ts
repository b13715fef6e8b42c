// How long users could only read, and what it went on, from what the embedded Azure and a user saw. Pure.
import type { Latency } from '../../local-azure/latency.ts';
import type { Call } from './calls.ts';
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
  const freeze = calls.findLast((call) => isFreeze(call, signs));
  const frozen = answeredOf(freeze, 'the freeze');
  const profile = answeredOf(
    calls.findLast(({ name, begun }) => begun > frozen && isProfileWrite(name)),
    'the write of the profile',
  );
  const batches = calls.filter(
    ({ name }) => name.startsWith(`sql batch ${signs.stage}/`) && name.includes(signs.scriptMark),
  );
  if (batches.length === 0) throw new Error('no batch of the script was seen');
  const there = tries.find(({ site, resolved }) => site === signs.stageSite && resolved > profile);
  const accepted = tries.find((one) => one.site === signs.stageSite && one.accepted !== null)?.accepted;
  if (!there || !accepted) throw new Error('nobody has written on version 2');
  const script = sum(batches.map((batch) => answeredOf(batch, 'a batch of the script') - batch.begun));
  const dns = there.resolved - profile;
  const window = accepted - frozen;
  return { window, untilProfile: profile - frozen, script, dns, rest: window - script - dns };
}

/**
 * What the four operations that cannot be avoided take of the embedded Azure: freeze, unlink, stage read-write and the write of
 * the profile.
 */
export function platformMs(latency: Latency): number {
  const accessMode = latency.of('sql-batch') + latency.of('set-read-only');
  const armRequest = latency.of('arm-request');
  return 2 * accessMode + armRequest + (armRequest + latency.of('profile-write'));
}

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

// One case as it is carried out: a world, what was run in it, and everything that was wrong at any time.
import type { Watch } from '../../local-azure/runner/action-runner.ts';
import type { RunReport, UpgradeState } from '../../src/engine/report.ts';
import type { Acted } from '../acceptance/scenario.ts';
import type { CaseOutcome } from './case.ts';
import { ending } from './ending.ts';
import type { Inputs, Journey, Standing, World, WorldKind } from './world.ts';

export interface Trial {
  readonly world: World;
  /** Runs it, looks at the laws, and keeps the log. */
  act(name: string, inputs: Inputs, watch?: Watch): Promise<Acted>;
  /** Keeps the log of a run that somebody else has made, and notes what was wrong when it ended. */
  noted(name: string, acted: Acted, wrong: readonly string[]): void;
  /** Notes what is wrong. */
  violated(...violations: readonly string[]): void;
  /** Runs what a person would run next, until the journey is at its end. Returns how that went, in words. */
  goOn(last: Acted): Promise<string>;
  /** Runs that only as long as it is not settled what users can do. */
  settle(last: Acted): Promise<string>;
}

/** Nobody stops here: users cannot write, or nobody knows. */
const UNSETTLED: readonly UpgradeState[] = ['frozen', 'upgraded', 'unknown', 'in-progress', 'going-back'];

/** Runs of a person who goes on; more than this lead nowhere. */
const PATIENCE = 4;

/**
 * Begins a world, brings it to where the journey begins, tries what is given, and sends everybody home.
 * @param body returns how it ended, in words. What it throws breaks the case.
 */
export async function tryOut(
  kind: WorldKind,
  journey: Journey,
  seed: number,
  body: (trial: Trial) => Promise<string>,
): Promise<CaseOutcome> {
  const world = await kind.start(seed);
  const violations = new Set<string>();
  const logs: string[] = [];
  const trial = trialIn(world, journey, violations, logs);
  try {
    for (const inputs of journey.before) await trial.act(`before: ${inputs.phase}`, inputs);
    const ended = await body(trial);
    trial.violated(...(await world.finish()));
    return { ended, violations: [...violations], log: logs.join('\n') };
  } catch (error) {
    throw new Error(`${String(error)}\n${logs.join('\n')}`, { cause: error });
  } finally {
    await world.close();
  }
}

function trialIn(world: World, journey: Journey, violations: Set<string>, logs: string[]): Trial {
  const noted: Trial['noted'] = (name, acted, wrong) => {
    for (const violation of wrong) violations.add(`${violation} [${name}]`);
    logs.push(logOf(name, acted, wrong));
  };
  const act: Trial['act'] = async (name, inputs, watch) => {
    const acted = await world.act(inputs, watch);
    noted(name, acted, await world.violations(acted));
    return acted;
  };
  const standing = async (last: Acted): Promise<RunReport> =>
    ending(last).report ?? (await act('status', { phase: 'status' })).report;
  const runOn = async (last: Acted, next: (at: Standing) => Inputs | null): Promise<string> => {
    const words: string[] = [];
    let at: Standing = await standing(last);
    for (let left = PATIENCE; ; left--) {
      const inputs = next(at);
      if (inputs === null) break;
      if (left === 0) {
        violations.add(`law 8: "${journey.name}" does not come to its end: ${words.join(', ')}`);
        break;
      }
      const acted = await act(`next: ${inputs.phase}`, inputs);
      words.push(`${inputs.phase} ${ending(acted).word}`);
      at = await standing(acted);
    }
    if (at.state === 'unknown') violations.add('law 8: the state at the end is unknown');
    return [...words, `at the end ${at.state} on ${at.productionSlot ?? 'nobody knows'}`].join('; ');
  };
  return {
    world,
    act,
    noted,
    violated: (...more) => {
      for (const violation of more) violations.add(violation);
    },
    goOn: (last) => runOn(last, (at) => journey.next?.(at) ?? null),
    settle: (last) =>
      runOn(last, (at) => (UNSETTLED.includes(at.state) ? (journey.next?.(at) ?? null) : null)),
  };
}

function logOf(name: string, { run, calls }: Acted, wrong: readonly string[]): string {
  return [
    `=== ${name}`,
    run.main.log,
    `main: exit code ${run.main.exitCode}, signal ${run.main.signal}`,
    ...(run.post ? [run.post.log, `post: exit code ${run.post.exitCode}, signal ${run.post.signal}`] : []),
    `--- calls\n${calls.filter((call) => !/^(dns|site|service) /.test(call)).join('\n')}`,
    ...wrong.map((violation) => `VIOLATED ${violation}`),
  ].join('\n');
}

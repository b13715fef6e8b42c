import type { RunReport } from '../src/engine/report.ts';
import type { Act } from './story.ts';

/** How a run differs from what the story says; empty where it is as expected. */
export function differences(act: Act, report: RunReport, exitCode: number | null): string[] {
  const { result, productionSlot, writable } = act.expected;
  const green = result === 'succeeded' || result === 'nothing-to-do';
  const production = report.after.find((endpoint) => endpoint.role === 'production');
  const isWritable = production?.databases.every((database) => database.access === 'read-write') ?? false;
  return [
    report.result === result ? null : `result ${report.result}, not ${result}`,
    (exitCode === 0) === green ? null : `exit code ${exitCode}`,
    report.productionSlot === productionSlot
      ? null
      : `users are on ${report.productionSlot}, not ${productionSlot}`,
    isWritable === writable ? null : `production is ${isWritable ? 'writable' : 'not writable'}`,
  ].filter((difference) => difference !== null);
}

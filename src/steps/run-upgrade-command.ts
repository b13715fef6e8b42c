// The upgrade by a command of the user's (sqlpackage, dotnet ef, Flyway), with the stage connection in its
// environment. Nothing of production is in there.
import { type DatabasePair, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import type { StepRun } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { speakingFor } from './several-at-once.ts';

/** Runs the command of one database. Returns what was run, for the evidence. Throws 'script-failed'. */
export async function runUpgradeCommand(
  context: UpgradeContext,
  pair: DatabasePair,
  command: readonly string[],
  run: StepRun,
): Promise<string> {
  const environment = await context.azure.tsql.commandEnvironment(sqlTarget(context, 'stage', pair.name));
  const [program = ''] = command;
  const log = speakingFor(context, pair);
  log.group(`${pair.name}: ${program}`);
  try {
    const ended = await context.runCommand({
      command,
      environment,
      timeoutMs: context.config.upgrade.timeoutMs,
      signal: run.signal,
      onLine: (line) => log.line(line),
    });
    run.signal.throwIfAborted();
    if (ended.timedOut) throw commandFailed(program, pair, 'did not end in time and was ended');
    if (ended.exitCode !== 0) throw commandFailed(program, pair, `ended with exit code ${ended.exitCode}`);
  } finally {
    log.endGroup();
  }
  return `${program} ended with exit code 0`;
}

function commandFailed(program: string, pair: DatabasePair, how: string): UpgradeError {
  return new UpgradeError('script-failed', `The upgrade command ${program} ${how} (database ${pair.name})`, {
    advice: [
      'Its output is in the log of this step. Mend it, remove the stage database, prepare and upgrade again.',
    ],
  });
}

// Runs the batches of a script in order on one connection. A batch is never repeated by the tool: whether a
// failed one has taken effect only its author knows.
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import type { SqlConnection, SqlMessage } from '../azure/ports.ts';
import { orAbort } from '../engine/or-abort.ts';
import type { StepRun } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { type Batch, locate, type UpgradeScript } from '../sqlcmd/script.ts';
import { speakingFor } from './several-at-once.ts';

/** Returns what was run, for the evidence. Throws 'script-failed' with file, line and SQL Server's own words. */
export async function runBatches(
  context: UpgradeContext,
  pair: DatabasePair,
  connection: SqlConnection,
  script: UpgradeScript,
  run: StepRun,
): Promise<string> {
  const { upgrade } = context.config;
  const log = speakingFor(context, pair);
  const until = context.clock.now() + upgrade.timeoutMs;
  for (const [index, batch] of script.batches.entries()) {
    const title = `${pair.name}: batch ${index + 1} of ${script.batches.length}, ${batch.file}:${batch.line}`;
    const startedAt = context.clock.now();
    log.group(title);
    try {
      for (let round = 0; round < batch.repeat; round++) {
        run.signal.throwIfAborted();
        const sent = connection.batch(batch.text, {
          timeoutMs: Math.max(1, until - context.clock.now()),
          onMessage: (message) => log.line(message.text),
          signal: run.signal,
        });
        // Not until SQL Server has confirmed the attention: users wait to write, and nobody wants this batch any more.
        await orAbort(sent, run.signal);
      }
    } catch (error) {
      run.signal.throwIfAborted();
      throw scriptFailed(context, pair, batch, error);
    } finally {
      log.endGroup();
      log.line(`${title}: ${((context.clock.now() - startedAt) / 1000).toFixed(2)} s`);
    }
  }
  await assertFinished(context, pair, connection);
  return `${script.batches.length} batches, sha256 ${script.digest.slice(0, 12)}`;
}

/**
 * A script can end without an error and yet not have run: generated ones switch to SET NOEXEC ON after a failure,
 * which skips the rest in silence; others leave a transaction open, which the end of the session rolls back.
 */
async function assertFinished(
  context: UpgradeContext,
  pair: DatabasePair,
  connection: SqlConnection,
): Promise<void> {
  const where = `the stage database ${pair.name} (${context.stage.server.name})`;
  const asked = connection.query('SELECT @@TRANCOUNT AS open_transactions;');
  // Only this session knows, and an open transaction is rolled back with it.
  const [row] = await asked.catch((error: unknown) => {
    throw notFinished(`it could not be asked whether it left a transaction open on ${where}`, error);
  });
  if (!row) throw notFinished(`it left SET NOEXEC ON behind on ${where}: what followed was skipped`);
  if (Number(row.open_transactions) > 0) {
    throw notFinished(
      `it left ${String(row.open_transactions)} transaction(s) open on ${where}: they would be rolled back`,
    );
  }
}

function notFinished(why: string, cause: unknown = null): UpgradeError {
  return new UpgradeError('script-failed', `The upgrade script reported no error, but ${why}`, {
    cause,
    advice: [
      'Let the script fail loudly (THROW) and commit what it begins; remove the stage database, prepare and upgrade again.',
    ],
  });
}

function scriptFailed(
  context: UpgradeContext,
  pair: DatabasePair,
  batch: Batch,
  cause: unknown,
): UpgradeError {
  const messages = cause instanceof SqlError ? cause.messages : [];
  const first = messages[0];
  // Within a procedure the server counts the procedure's own lines.
  const at =
    first && first.procedure === '' ? locate(batch, first.line) : { file: batch.file, line: batch.line };
  const said = first ? sqlServerSaid(first) : String(cause);
  return new UpgradeError(
    'script-failed',
    `The upgrade script failed at ${at.file}:${at.line} on the stage database ${pair.name} (${context.stage.server.name}): ${said}`,
    {
      cause,
      advice: [
        `Mend the script at ${at.file}:${at.line}, remove the stage database, prepare and upgrade again.`,
      ],
    },
  );
}

/** As sqlcmd prints it: number, level, state, and the text. */
export function sqlServerSaid(message: SqlMessage): string {
  const procedure = message.procedure ? `, procedure ${message.procedure}` : '';
  return `Msg ${message.number}, Level ${message.severity}, State ${message.state}${procedure}: ${message.text}`;
}

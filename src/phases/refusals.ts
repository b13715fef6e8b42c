// Why a phase is not begun, as a person is told it.
import { isFailedOver } from '../application/regions.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { GuardRecord, Phase } from '../engine/report.ts';
import { type ReasonCode, UpgradeError } from '../reasons.ts';

/** Everything that guards have found, under the first one's reason; null where none has failed. */
export function guardRefusal(guards: readonly GuardRecord[]): UpgradeError | null {
  const failed = guards.filter((guard) => guard.verdict === 'fail');
  const [first] = failed;
  if (!first?.reason) return null;
  return new UpgradeError(
    first.reason,
    // The guard's title says what should be, and would contradict it.
    failed.map((guard) => guard.evidence).join('\n'),
    {
      advice: failed.map((guard) => guard.advice).filter((advice) => advice !== ''),
    },
  );
}

/** 'confirmation-missing' where the input does not say which slot is removed. */
export function cleanupUnconfirmed(context: UpgradeContext): UpgradeError | null {
  const expected = `remove ${context.stage.config.name}`;
  if (context.confirm.trim().toLowerCase() === expected.toLowerCase()) return null;
  const { server, standby } = context.stage;
  const where = standby
    ? `databases on ${server.name} and ${standby.server.name}`
    : `database on ${server.name}`;
  return new UpgradeError(
    'confirmation-missing',
    `Cleanup deletes V1's ${where} (slot ${context.stage.config.name}) and was not confirmed${context.confirm ? `: found "${context.confirm}"` : ''}`,
    { advice: [`Run cleanup with the input confirm: "${expected}"`] },
  );
}

/** What left production read-only: a failover in this very run, which the next phase finds, or an earlier run. */
export function interrupted(context: UpgradeContext, phase: Phase, why: string): UpgradeError {
  if (isFailedOver(context)) {
    return new UpgradeError(
      'region-mismatch',
      `Phase ${phase} was not begun: production was failed over while it was read-only, it is on ${context.production.server.name} now`,
      {
        advice: [
          'Production is mended there first. Before an upgrade is begun fail back: phase plan says how.',
        ],
      },
    );
  }
  return new UpgradeError('interrupted', `Phase ${phase} was not begun: ${why}`, {
    advice: [
      `Production is mended first. Look at the earlier run, then ${phase === 'prepare' ? 'run prepare again' : `run upgrade again; ${phase} comes after it`}.`,
      'Where the stage database was cut off by then (state compromised), remove it first: run rollback with rollback.stage: remove in the configuration, then prepare.',
    ],
  });
}

/** The table of phases and states does not let a phase begin. */
export function refused(allowed: { reason: ReasonCode; why: string; advice: string }): UpgradeError {
  return new UpgradeError(allowed.reason, capital(allowed.why), { advice: [allowed.advice] });
}

/** What this tool has not frozen it does not give back. */
export function frozenElsewhere(context: UpgradeContext, database: string): UpgradeError {
  return new UpgradeError(
    'production-frozen-elsewhere',
    `${database} on ${context.production.server.name} is read-only, but not by this tool`,
    { advice: ['Find out who set it read-only; this tool does not undo what it has not done.'] },
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

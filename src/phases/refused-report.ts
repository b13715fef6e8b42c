import type { RunReport } from '../engine/report.ts';
import { asUpgradeError, causesOf } from './as-upgrade-error.ts';
import type { UpgradeRequest } from './upgrade-request.ts';
import { firstLine, stopped } from './verdict.ts';

/** A report about a run that could not even begin: wrong inputs, wrong configuration, no credentials. */
export function refusedReport(
  request: UpgradeRequest,
  error: unknown,
  at: number,
  runUrl: string | null,
): RunReport {
  const failure = asUpgradeError(error);
  const moment = new Date(at).toISOString();
  return {
    schemaVersion: 1,
    product: request.product,
    application: null,
    topology: request.topology,
    phases: request.phases,
    upgradeId: null,
    runUrl,
    startedAt: moment,
    endedAt: moment,
    result: 'refused',
    reasonCode: failure.reason,
    verdict: {
      headline: stopped(`Refused, nothing was changed: ${firstLine(failure)}`),
      next: [...failure.advice],
    },
    state: 'unknown',
    productionSlot: null,
    publicName: null,
    before: [],
    after: [],
    steps: [],
    rollback: [],
    readOnly: null,
    plan: null,
    service: null,
    error: {
      reason: failure.reason,
      message: failure.message,
      advice: failure.advice,
      causes: causesOf(failure),
    },
  };
}

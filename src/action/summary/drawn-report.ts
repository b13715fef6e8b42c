// A report with what must be reckoned from all of it, before limit.ts shortens it.
import type { RunReport } from '../../engine/report.ts';
import { condensed } from './step-function.ts';
import { type DomainTally, tallyOf } from './tally.ts';

export interface DrawnReport extends RunReport {
  /** Of a service; empty in the other topologies. */
  readonly tally: readonly DomainTally[];
}

export function drawnReport(report: RunReport): DrawnReport {
  const { service } = report;
  if (service === null) return { ...report, tally: [] };
  const { capacity } = service;
  return {
    ...report,
    tally: tallyOf(service),
    service: { ...service, capacity: capacity && { ...capacity, series: condensed(capacity.series) } },
  };
}

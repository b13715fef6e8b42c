// The steps of the run and of its rollback, as they went.
import type { RunReport, StepRecord, StepState } from '../../engine/report.ts';
import { duration } from './format.ts';
import { type Column, lines, paragraphs, prose, table, text } from './markdown.ts';

// A row of the rollback names the undo itself: one that was carried out is done.
const STATES: Readonly<Record<StepState, string>> = {
  done: '✅\u00a0done',
  'already-done': '☑️\u00a0nothing\u00a0to\u00a0do',
  failed: '❌\u00a0**failed**',
  refused: '⛔\u00a0refused',
  skipped: '▫️\u00a0nothing\u00a0to\u00a0undo',
  kept: '📌\u00a0kept',
  undone: '↩️\u00a0done',
  'undo-failed': '❌\u00a0**FAILED**',
  'not-reached': '▫️\u00a0not\u00a0reached',
};

export function renderSteps(report: RunReport): string {
  return section('Steps', report.steps);
}

export function renderRollback(report: RunReport): string {
  return section('Rollback', report.rollback);
}

/** The number in front of a title is the one of Microsoft's article, which numbers no steps of a service. */
function section(title: string, steps: readonly StepRecord[]): string {
  if (steps.length === 0) return '';
  const phased = new Set(steps.map((step) => step.phase)).size > 1;
  const numbered = steps.some((step) => step.article !== null);
  const columns: Column[] = [
    ...(phased ? [{ title: 'Phase' }] : []),
    ...(numbered ? [{ title: 'No.' }] : []),
    { title: 'Step' },
    { title: 'State' },
    { title: 'Time', align: 'right' },
    { title: 'Evidence' },
  ];
  const rows = steps.map((step, index) => {
    const first = step.phase !== steps[index - 1]?.phase;
    return [...(phased ? [first ? `**${step.phase}**` : ''] : []), ...cells(step, numbered)];
  });
  return paragraphs([`### ${title}`, table(columns, rows)]);
}

function cells(step: StepRecord, numbered: boolean): string[] {
  return [
    ...(numbered ? [text(step.article ?? '')] : []),
    prose(step.title),
    STATES[step.state],
    duration(step.seconds),
    lines(step.evidence),
  ];
}

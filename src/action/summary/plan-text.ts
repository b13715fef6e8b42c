import type { GuardRecord, Plan, PlannedStep } from '../../engine/report.ts';
import type { ServiceChangeView } from '../../engine/service-report.ts';
import { FACTORS, planInNumbers } from './plan.ts';
import { logText, textTable } from './text-table.ts';

const STATES: Readonly<Record<PlannedStep['state'], string>> = {
  done: 'done',
  'to-do': 'to do',
  blocked: 'BLOCKED',
  later: 'later',
};

/**
 * The plan for the job's log: what changes, steps by phase in aligned columns, then guards, costs and the four factors.
 * @param changing what an update of a service changes; empty in the other topologies
 */
export function renderPlanText(plan: Plan, changing: readonly ServiceChangeView[] = []): string {
  const sections = [
    changes(changing),
    steps(plan.steps),
    guards(plan.guards),
    twice(plan.twice),
    factors(plan.factors),
  ];
  const onlyGuards = plan.steps.length === 0 && plan.guards.length > 0;
  return [
    ...(onlyGuards ? [] : [`Plan: ${planInNumbers(plan.steps)}`]),
    ...sections.filter((lines) => lines.length > 0).map(joined),
  ].join('\n\n');
}

function changes(all: readonly ServiceChangeView[]): string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ role, what, class: made }) => {
    const whose = role === null ? '' : `${role}: `;
    return `  ${logText(`${whose}${what}`)} (${made.replaceAll('-', ' ')})`;
  });
  return ['What the update changes', ...rows];
}

function steps(all: readonly PlannedStep[]): string[] {
  const aligned = textTable(
    all.flatMap((step) => [
      [step.article ?? '', STATES[step.state], step.title],
      ['', '', `  changes: ${step.changes || 'nothing'}`],
    ]),
  );
  return all.flatMap((step, index) => {
    const heading = step.phase === all[index - 1]?.phase ? [] : [`${index === 0 ? '' : '\n'}${step.phase}`];
    const pivot = step.pointOfNoReturn
      ? ['  ---- point of no return: after this write, going back is your decision ----']
      : [];
    const [line = '', changes = ''] = aligned.slice(index * 2, index * 2 + 2);
    return [...heading, ...pivot, `  ${line}`, `  ${changes}`, ...more(step, changes)];
  });
}

/** Undo and evidence, below the step's changes and as far to the right. */
function more(step: PlannedStep, changes: string): string[] {
  const indent = ' '.repeat(changes.length - changes.trimStart().length + 2);
  const undo = step.undo === null ? [] : [`${indent}undo: ${logText(step.undo)}`];
  return [...undo, ...step.evidence.map((sentence) => `${indent}seen: ${logText(sentence)}`)];
}

function guards(all: readonly GuardRecord[]): string[] {
  if (all.length === 0) return [];
  const open = all.filter((guard) => guard.verdict !== 'pass');
  const passed = all.length - open.length;
  const aligned = textTable(
    open.map((guard) => [guard.verdict === 'fail' ? 'FAIL' : '?', guard.reason ?? '-', guard.title]),
  );
  return [
    `Guards: ${passed} of ${all.length} passed`,
    ...open.flatMap((guard, index) => [
      `  ${aligned[index] ?? ''}`,
      ...[guard.evidence, ...guard.advice.split('\n')]
        .map(logText)
        .filter((line) => line !== '')
        .map((line) => `      ${line}`),
    ]),
  ];
}

function twice(all: Plan['twice']): string[] {
  if (all.length === 0) return [];
  const rows = textTable(all.map(({ resource, sku, since }) => [resource, sku, `since ${since}`]));
  return ['Exists twice while the upgrade lasts', ...rows.map((row) => `  ${row}`)];
}

function factors(all: Plan['factors']): string[] {
  return all.flatMap(({ factor, answer, details }) => [
    `${FACTORS[factor]}: ${logText(answer)}`,
    ...details.map((detail) => `  - ${logText(detail)}`),
  ]);
}

function joined(lines: readonly string[]): string {
  return lines.join('\n');
}

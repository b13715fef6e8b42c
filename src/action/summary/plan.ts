// The plan: every step with what it changes and how that is taken back, what exists twice, and the four
// factors the article asks to be weighed.
import type { Factor, Plan, PlannedStep, RunReport } from '../../engine/report.ts';
import { code, count, details, lines, paragraphs, prose, table, text } from './markdown.ts';
import { guardTable } from './problems.ts';

export const FACTORS: Readonly<Record<Factor['factor'], string>> = {
  availability: 'Impact on availability',
  rollback: 'Ability to roll back',
  catastrophe: 'Vulnerability to an unrelated catastrophe',
  cost: 'Total cost',
};

const STATES: Readonly<Record<PlannedStep['state'], string>> = {
  done: '✅\u00a0done',
  'to-do': '⬜\u00a0to\u00a0do',
  blocked: '❌\u00a0**blocked**',
  later: '▫️\u00a0later',
};

/** Folded, except where the plan is what was asked for. */
export function renderPlan({ plan, phases }: RunReport): string {
  if (plan === null) return '';
  const open = phases.includes('plan');
  if (plan.steps.length === 0 && plan.guards.length > 0) return guardsAlone(plan, open);
  const body = paragraphs([steps(plan.steps), factors(plan.factors), twice(plan.twice), guards(plan)]);
  return details(`<b>Plan</b>: ${planInNumbers(plan.steps)}`, body, open);
}

/** "12 steps: 3 done, 9 to do". */
export function planInNumbers(all: readonly PlannedStep[]): string {
  const words = { done: 'done', 'to-do': 'to do', blocked: 'blocked', later: 'later' } as const;
  const parts = (Object.keys(words) as PlannedStep['state'][])
    .map((state) => ({ state, number: all.filter((step) => step.state === state).length }))
    .filter(({ number }) => number > 0)
    .map(({ state, number }) => `${number} ${words[state]}`);
  return [count(all.length, 'step'), parts.join(', ')].filter((part) => part !== '').join(': ');
}

function steps(all: readonly PlannedStep[]): string {
  if (all.length === 0) return '';
  const numbered = all.some((step) => step.article !== null);
  const titles = ['Phase', ...(numbered ? ['No.'] : []), 'Step', 'State', 'Changes', 'Taken back by'];
  const rows = all.map((step, index) => [
    step.phase === all[index - 1]?.phase ? '' : `**${step.phase}**`,
    ...(numbered ? [text(step.article ?? '')] : []),
    step.pointOfNoReturn ? `${prose(step.title)}<br>⚠️ **point of no return**` : prose(step.title),
    [STATES[step.state], lines(step.evidence, 2)].filter((part) => part !== '').join('<br>'),
    prose(step.changes) || 'nothing',
    takenBack(step),
  ]);
  return table(
    titles.map((title) => ({ title })),
    rows,
  );
}

function takenBack(step: PlannedStep): string {
  if (step.undo !== null) return prose(step.undo);
  return step.changes.trim() === '' ? '–' : 'cannot be taken back';
}

function factors(all: readonly Factor[]): string {
  if (all.length === 0) return '';
  const items = all.map(({ factor, answer, details: more }) => {
    const points = more.map((point) => `\n  - ${prose(point)}`).join('');
    return `- **${FACTORS[factor]}**: ${prose(answer)}${points}`;
  });
  return paragraphs(['**The four factors**', items.join('\n')]);
}

function twice(all: Plan['twice']): string {
  if (all.length === 0) return '';
  const columns = [{ title: 'Exists twice' }, { title: 'SKU' }, { title: 'Since' }];
  return table(
    columns,
    all.map(({ resource, sku, since }) => [code(resource), text(sku), text(since)]),
  );
}

/** A run that failed before there was a plan. Guards that did not pass have a section of their own. */
function guardsAlone({ guards: all }: Plan, open: boolean): string {
  const passed = all.filter((guard) => guard.verdict === 'pass');
  if (passed.length === 0) return '';
  return details(`<b>Guards</b>: ${passed.length} of ${all.length} passed`, guardTable(passed), open);
}

function guards(plan: Plan): string {
  const passed = plan.guards.filter((guard) => guard.verdict === 'pass');
  if (passed.length === 0) return '';
  return details(`${count(passed.length, 'guard')} passed`, guardTable(passed));
}

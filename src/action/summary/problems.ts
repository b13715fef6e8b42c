// What stood in the way: guards that did not pass, and the error with everything Azure said.
import type { GuardRecord, RunReport } from '../../engine/report.ts';
import {
  block,
  type Column,
  code,
  count,
  details,
  lines,
  messageLines,
  paragraphs,
  prose,
  table,
} from './markdown.ts';
import { adviceList } from './verdict.ts';

const GUARD_COLUMNS: readonly Column[] = [
  { title: 'Guard' },
  { title: 'Verdict' },
  { title: 'Evidence' },
  { title: 'What can be done' },
];

const VERDICTS: Readonly<Record<GuardRecord['verdict'], string>> = {
  pass: '✅ pass',
  fail: '❌ **fail**',
  'not-knowable': '❔ not knowable',
};

/** Guards that failed first, then those that could not be answered. */
export function renderGuards({ plan }: RunReport): string {
  const guards = plan?.guards ?? [];
  const failed = guards.filter((guard) => guard.verdict === 'fail');
  const unknown = guards.filter((guard) => guard.verdict === 'not-knowable');
  if (failed.length + unknown.length === 0) return '';
  const passed = guards.length - failed.length - unknown.length;
  return paragraphs([
    '### Guards that did not pass',
    guardTable([...failed, ...unknown]),
    passed > 0 ? `${count(passed, 'other guard')} passed.` : '',
  ]);
}

export function guardTable(guards: readonly GuardRecord[]): string {
  return table(
    GUARD_COLUMNS,
    guards.map((guard) => [
      prose(guard.title),
      guard.reason === null ? VERDICTS[guard.verdict] : `${VERDICTS[guard.verdict]}<br>${code(guard.reason)}`,
      prose(guard.evidence),
      lines(guard.advice.split('\n')),
    ]),
  );
}

export function renderError({ error, verdict }: RunReport): string {
  if (error === null) return '';
  const advice = error.advice.filter((item) => !verdict.next.includes(item));
  const [first, ...rest] = messageLines(error.message);
  return paragraphs([
    '### What went wrong',
    `${code(error.reason)}: ${prose(first)}`,
    rest.map((line) => `- ${prose(line)}`).join('\n'),
    advice.length > 0 ? adviceList(advice) : '',
    error.causes.length > 0
      ? details(
          `Everything that was said (${count(error.causes.length, 'cause')}, outermost first)`,
          causes(error.causes),
        )
      : '',
  ]);
}

function causes(all: readonly string[]): string {
  return block(all.map((cause, index) => `${index + 1}. ${cause}`).join('\n'));
}

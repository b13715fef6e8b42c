// The first lines: what happened, what it means for users right now, why, and what to do next.
import type { RunReport } from '../../engine/report.ts';
import type { ServiceReport } from '../../engine/service-report.ts';
import { block, code, messageLines, paragraphs, prose } from './markdown.ts';

export function renderVerdict(report: RunReport): string {
  const headline = prose(report.verdict.headline) || report.result;
  return paragraphs([`${symbol(report)} **${headline}**`, why(report), whatNext(report.verdict.next)]);
}

/** Green only where the run did what was asked, users can write, and every role of a service has somebody to serve them. */
function symbol(report: RunReport): string {
  const isReadOnly = report.readOnly !== null && report.readOnly.to === null;
  const usersSuffer = isReadOnly || (report.service !== null && isRoleOutOfService(report.service));
  switch (report.result) {
    case 'succeeded':
      return usersSuffer ? '🟡' : '✅';
    case 'nothing-to-do':
      return usersSuffer ? '🟡' : '⚪';
    case 'rolled-back':
      return '🟡';
    case 'held':
      return usersSuffer ? '🔴' : '🟡';
    case 'refused':
      return usersSuffer ? '🔴' : '⛔';
    case 'rollback-failed':
      return '🔴';
  }
}

/** Of a role that tells no health this is not known, so it is not said. */
function isRoleOutOfService({ domains }: ServiceReport): boolean {
  const roles = Map.groupBy(
    domains.flatMap(({ instances }) => instances),
    ({ role }) => role,
  );
  return [...roles.values()].some((instances) => instances.every(({ health }) => !SERVES.includes(health)));
}

const SERVES: readonly string[] = ['healthy', 'unknown', 'none'];

function why({ error, reasonCode, verdict }: RunReport): string {
  if (error === null) return reasonCode === null ? '' : `Reason: ${code(reasonCode)}`;
  // The lines below the first are told once, where it is told what went wrong.
  const [first] = messageLines(error.message);
  const known = verdict.headline.includes(first.replace(/[.:]$/, ''));
  return known ? `Reason: ${code(error.reason)}` : `Reason: ${code(error.reason)}. ${prose(first)}`;
}

function whatNext(next: readonly string[]): string {
  if (next.length === 0) return '';
  return `**What to do next**\n\n${numbered(next)}`;
}

/** Numbered advice: the first line is a sentence, lines after it are a command to be copied. */
export function numbered(items: readonly string[]): string {
  return items
    .map((item, index) => {
      const [sentence = '', ...command] = item.trim().split(/\r?\n/);
      const marker = `${index + 1}. `;
      if (command.length === 0) return marker + prose(sentence);
      return `${marker}${prose(sentence)}\n\n${' '.repeat(marker.length)}${block(command.join('\n'))}\n`;
    })
    .join('\n');
}

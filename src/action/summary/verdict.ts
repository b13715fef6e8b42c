// The first lines: what happened, what it means for users right now, why, and what to do next.
import type { RunReport } from '../../engine/report.ts';
import type { ServiceReport } from '../../engine/service-report.ts';
import { block, code, messageLines, paragraphs, prose } from './markdown.ts';

export function renderVerdict(report: RunReport): string {
  const headline = prose(report.verdict.headline) || report.result;
  const { next, remarks = [] } = report.verdict;
  return paragraphs([
    `${symbol(report)} **${headline}**`,
    why(report),
    whatNext(next),
    ...remarks.map((remark) => prose(remark)),
  ]);
}

/** Green only where the run did what was asked, users can write, every instance serves, and no guard of a plan fails. */
function symbol(report: RunReport): string {
  const isReadOnly = report.readOnly !== null && report.readOnly.to === null;
  const usersSuffer = isReadOnly || (report.service !== null && isRoleOutOfService(report.service));
  const isWell = !usersSuffer && !isSomethingIll(report) && !isPlanRefused(report);
  switch (report.result) {
    case 'succeeded':
      return isWell ? '✅' : '🟡';
    case 'nothing-to-do':
      return isWell ? '⚪' : '🟡';
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

function isSomethingIll({ service }: RunReport): boolean {
  const instances = service?.domains.flatMap((domain) => domain.instances) ?? [];
  return instances.some(({ health }) => !SERVES.includes(health));
}

/** Only where looking was all that was asked: a phase that was carried out has passed its guards. */
function isPlanRefused({ plan, phases }: RunReport): boolean {
  const looks = phases.every((phase) => phase === 'status' || phase === 'plan');
  return looks && (plan?.guards ?? []).some(({ verdict }) => verdict === 'fail');
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
  // A headline has the first sentence only; all of it is where it is told what went wrong.
  const [sentence = first] = first.split(/\.+\s+(?=[A-Z])/);
  const known = verdict.headline.includes(sentence.replace(/[.:]$/, ''));
  return known ? `Reason: ${code(error.reason)}` : `Reason: ${code(error.reason)}. ${prose(first)}`;
}

function whatNext(next: readonly string[]): string {
  if (next.length === 0) return '';
  return `**What to do next**\n\n${adviceList(next)}`;
}

/**
 * Advice: the first line is a sentence, lines after it are a command to be copied. A list without numbers, since one item
 * is often instead of another and not after it.
 */
export function adviceList(items: readonly string[]): string {
  return items
    .map((item) => {
      const [words, commands] = wordsAndCommands(item.trim());
      if (commands === '') return `- ${prose(words)}`;
      return words === '' ? `- ${block(commands)}` : `- ${prose(words)}\n\n  ${block(commands)}\n`;
    })
    .join('\n');
}

const COMMAND = /(?:^|(?<=: ))(?:az|sqlcmd) [a-z-].*$/;

/** A command may also be all there is, or follow upon a colon in the first line. */
function wordsAndCommands(item: string): [words: string, commands: string] {
  const [first = '', ...rest] = item.split(/\r?\n/);
  const at = first.search(COMMAND);
  if (at < 0) return [first, rest.join('\n')];
  return [first.slice(0, at).trimEnd(), [first.slice(at), ...rest].join('\n')];
}

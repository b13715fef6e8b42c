// What users saw, and how long they could not write, as lines.
import type { UsersReport } from '../local-azure/users/books.ts';
import type { RunReport } from '../src/engine/report.ts';
import type { Disaster } from './disaster-book.ts';

/** Why two numbers differ that a reader will compare. */
export const WHY_GAP_AND_WINDOW_DIFFER =
  '(The action’s own measure: from the freeze acknowledged until it has seen V2 at the public name, or unfrozen. The longest\ntime without a write is the users’: from one answered write to the next.)';

export function usersLines(report: UsersReport, lost: number): string[] {
  const { reads, writes } = report;
  return [
    `reads answered                ${reads.answered}${failures(reads.failed)}`,
    `writes acknowledged           ${writes.acknowledged}${failures(writes.failed)}`,
    `writes refused (read-only)    ${writes.refusedReadOnly}`,
    `acknowledged writes lost      ${lost}`,
    `longest time without a read   ${(report.longestReadGapMs / 1000).toFixed(1)} s`,
    `longest time without a write  ${(report.longestWriteGapMs / 1000).toFixed(1)} s`,
    `answered by                   ${counted(report.answeredBy)}`,
  ];
}

/** @param atTheEnd everything users saw, the disaster included. */
export function disasterLines(disaster: Disaster, atTheEnd: UsersReport, lost: number): string[] {
  const { usersBefore, readAgainAfterMs, writeAgainAfterMs } = disaster;
  const since = Object.entries(atTheEnd.answeredBy)
    .map(([who, count]) => [who, count - (usersBefore.answeredBy[who] ?? 0)] as const)
    .filter(([, count]) => count > 0);
  return [
    `users read again after        ${secondsOrNever(readAgainAfterMs)}`,
    `users write again after       ${secondsOrNever(writeAgainAfterMs)}`,
    `writes acknowledged since     ${atTheEnd.writes.acknowledged - usersBefore.writes.acknowledged}`,
    `writes refused (read-only)    ${atTheEnd.writes.refusedReadOnly - usersBefore.writes.refusedReadOnly}`,
    `writes that had not arrived   ${lost}`,
    `answered since by             ${counted(Object.fromEntries(since))}`,
  ];
}

/** One row a part. */
export function windowLines(reports: readonly RunReport[]): string[] {
  return reports.flatMap((report) => {
    if (!report.readOnly) return [];
    const { seconds, spentOn } = report.readOnly;
    return [
      row(`${report.phases.join(', ')} (${report.result})`, seconds),
      ...spentOn.map((part) => row(`  ${part.what}`, part.seconds)),
    ];
  });
}

/** Wide enough for the longest part, and narrow enough not to scroll. */
function row(what: string, seconds: number): string {
  return `${what.padEnd(34)}${seconds.toFixed(1).padStart(6)} s`;
}

function secondsOrNever(ms: number | null): string {
  return ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`;
}

function failures(failed: Readonly<Record<string, number>>): string {
  const text = counted(failed);
  return text === '' ? '' : `   (not answered: ${text})`;
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what}: ${count}`)
    .join(', ');
}

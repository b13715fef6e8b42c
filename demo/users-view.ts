// What users saw, and how long they could not write, as lines.
import type { UsersReport } from '../local-azure/users/books.ts';
import type { RunReport } from '../src/engine/report.ts';

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

export function windowLines(reports: readonly RunReport[]): string[] {
  return reports.flatMap((report) => {
    if (!report.readOnly) return [];
    const spent = report.readOnly.spentOn.map((one) => `${one.what} ${one.seconds.toFixed(1)} s`).join(', ');
    return [
      `${report.phases.join(', ')} (${report.result}): ${report.readOnly.seconds.toFixed(1)} s, of which ${spent}`,
    ];
  });
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

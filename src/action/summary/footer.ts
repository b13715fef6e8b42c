// What ran, where and when: for whoever finds the summary later.
import type { RunReport } from '../../engine/report.ts';
import { duration, moment, secondsBetween } from './format.ts';
import { code, text } from './markdown.ts';

export function renderFooter(report: RunReport): string {
  const facts = [
    report.application === null ? '' : `application ${code(report.application)}`,
    `topology ${code(report.topology)}`,
    `phase ${report.phases.map(code).join(', ') || '–'}`,
    `result ${code(report.result)}`,
    `state ${code(report.state)}`,
    report.productionSlot === null ? '' : `production slot ${code(report.productionSlot)}`,
    report.upgradeId === null ? '' : `upgrade ${code(report.upgradeId)}`,
    run(report.runUrl),
    times(report),
    text(`${report.product.name} ${report.product.version}`),
  ];
  return `---\n\n<sub>${facts.filter((fact) => fact !== '').join(' · ')}</sub>`;
}

function run(url: string | null): string {
  if (url === null) return '';
  return /^https:\/\/[\w.:/?=&%~-]+$/.test(url) ? `[run](${url.replaceAll('_', '%5F')})` : `run ${text(url)}`;
}

function times({ startedAt, endedAt }: RunReport): string {
  return `${text(moment(startedAt))} to ${text(moment(endedAt))} (${duration(secondsBetween(startedAt, endedAt))})`;
}

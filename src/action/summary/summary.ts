import type { RunReport } from '../../engine/report.ts';
import { renderDiagram } from './diagram.ts';
import { renderEndpoints } from './endpoints.ts';
import { renderFooter } from './footer.ts';
import { limitSummary } from './limit.ts';
import { paragraphs } from './markdown.ts';
import { renderPlan } from './plan.ts';
import { renderError, renderGuards } from './problems.ts';
import { renderRollback, renderSteps } from './steps.ts';
import { renderVerdict } from './verdict.ts';
import { renderWindow } from './window.ts';

/**
 * The job summary of a run, as GitHub-flavoured Markdown below GitHub's limit of 1 MiB. The first line says
 * what happened and what it means for users right now. All data in it is escaped. Pure; never throws.
 */
export function renderSummary(report: RunReport): string {
  return limitSummary(report, draw);
}

function draw(report: RunReport, cut: string): string {
  const parts = [
    renderVerdict(report),
    cut,
    renderEndpoints(report),
    renderSteps(report),
    renderRollback(report),
    renderWindow(report),
    renderDiagram(report),
    renderGuards(report),
    renderError(report),
    renderPlan(report),
    renderFooter(report),
  ];
  return `${paragraphs(parts)}\n`;
}

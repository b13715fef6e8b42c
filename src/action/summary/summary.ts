import type { RunReport } from '../../engine/report.ts';
import { renderCapacity } from './capacity.ts';
import { renderChanges } from './changes.ts';
import { renderDiagram } from './diagram.ts';
import { renderDomains } from './domains.ts';
import { type DrawnReport, drawnReport } from './drawn-report.ts';
import { renderEndpoints } from './endpoints.ts';
import { renderFooter } from './footer.ts';
import { limitSummary } from './limit.ts';
import { paragraphs } from './markdown.ts';
import { renderPlan } from './plan.ts';
import { renderError, renderGuards } from './problems.ts';
import { renderRollback, renderSteps } from './steps.ts';
import { renderTimeline } from './timeline.ts';
import { renderVerdict } from './verdict.ts';
import { renderWalk } from './walk.ts';
import { renderWindow } from './window.ts';

/**
 * The job summary of a run, as GitHub-flavoured Markdown below GitHub's limit of 1 MiB. The first line says
 * what happened and what it means for users right now. All data in it is escaped. Pure; never throws.
 */
export function renderSummary(report: RunReport): string {
  return limitSummary(drawnReport(report), draw);
}

function draw(report: DrawnReport, cut: string): string {
  const parts = [
    renderVerdict(report),
    cut,
    ...(report.service === null ? slots(report) : serviceParts(report)),
    renderGuards(report),
    renderError(report),
    renderPlan(report),
    renderFooter(report),
  ];
  return `${paragraphs(parts)}\n`;
}

function slots(report: DrawnReport): string[] {
  return [
    renderEndpoints(report),
    renderSteps(report),
    renderRollback(report),
    renderWindow(report),
    renderTimeline(report),
    renderDiagram(report),
  ];
}

/** A service has no endpoints to switch, and none of its users is kept from writing. */
function serviceParts(report: DrawnReport): string[] {
  return [
    renderDomains(report),
    renderSteps(report),
    renderRollback(report),
    renderWalk(report),
    renderCapacity(report),
    renderTimeline(report),
    renderChanges(report),
  ];
}

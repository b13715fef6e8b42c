import { expect, test } from '@jest/globals';
import { renderReportPage } from '../../demo/html.ts';
import { renderSummary } from '../../src/action/summary/summary.ts';
import { ROLLED_BACK, SWITCHED } from './sample-reports.ts';

const page = await renderReportPage({
  title: 'Two <upgrades>',
  introHtml: '<p id="intro">lost: 0</p>',
  sections: [
    { title: 'switch & serve', markdown: renderSummary(SWITCHED) },
    { title: 'rolled back', markdown: renderSummary(ROLLED_BACK) },
  ],
});
const scriptAt = page.indexOf('<script>');
const content = page.slice(0, scriptAt);
const scripts = page.slice(scriptAt);

test('the page loads nothing: what it needs is in it, and the browser is told so', () => {
  expect(content).toMatch(/Content-Security-Policy" content="default-src 'none';/);
  expect(content).not.toMatch(/<(link|img|iframe|script)\b|\ssrc=|@import|url\(/);
  expect(scripts.match(/<script\b/g)).toHaveLength(2);
  expect(scripts.match(/<\/script/g)).toHaveLength(2);
  expect(scripts.length).toBeGreaterThan(1_000_000);
});

test('titles are escaped and listed, the introduction comes before the sections', () => {
  expect(content).toContain('<h1>Two &#60;upgrades&#62;</h1>');
  expect(content).toContain('<a href="#s0">switch &#38; serve</a>');
  expect(content.indexOf('id="intro"')).toBeLessThan(content.indexOf('id="s0"'));
});

test('diagrams are there for Mermaid to draw, as text', () => {
  const diagrams = content.match(/<pre class="mermaid">[\s\S]*?<\/pre>/g) ?? [];
  expect(diagrams).toHaveLength(2);
  expect(diagrams[0]).toContain('users ==&#62; name');
  expect(diagrams[0]).not.toContain('<span');
});

test('tables, folded parts and commands become HTML; symbols become marks that every font has', () => {
  expect(content).toContain('<th>Endpoint</th>');
  expect(content).toContain('<td>stage → <strong>production</strong></td>');
  expect(content).toMatch(/<details>\s*<summary><b>Plan<\/b>/);
  expect(content).toContain('<span class="mark good">✓</span> <strong>Version 2.0.0 serves all users');
  expect(content).not.toMatch(/[✅🟡❌]/u);
});

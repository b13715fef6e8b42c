// What an update changes, classified as the article's table "Allowed service changes during an update" does.
import type { ServiceChangeView, ServiceReport } from '../../engine/service-report.ts';
import type { DrawnReport } from './drawn-report.ts';
import { code, paragraphs, prose, table, text } from './markdown.ts';

const TITLES = ['Change', 'Made', 'Data', 'Way back'];

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['in-place', 'in place'],
  ['in-place-with-reimage', 'in place, with a new OS disk'],
  ['swap', '⚠️ **by a swap**'],
  ['redeploy', '⚠️ **by deploying anew**'],
  ['refused', '❌ **not at all**'],
]);

export function renderChanges({ service }: DrawnReport): string {
  if (service === null || service.changes.length + service.notKnowable.length === 0) return '';
  return paragraphs(['### What the update changes', changeTable(service), notKnowable(service)]);
}

function changeTable({ changes }: ServiceReport): string {
  if (changes.length === 0) return '';
  const hasRoles = changes.some(({ role }) => role !== null);
  const titles = [...(hasRoles ? ['Role'] : []), ...TITLES];
  return table(
    titles.map((title) => ({ title })),
    changes.map((change) => [...(hasRoles ? [role(change)] : []), ...cells(change)]),
  );
}

function role({ role: name }: ServiceChangeView): string {
  return name === null ? 'all' : code(name);
}

/** Below how it is made, the rule that says so. */
function cells({ what, class: kind, rule, data, wayBack }: ServiceChangeView): string[] {
  const made = [CLASSES.get(kind) ?? text(kind), rule.trim() === '' ? '' : `<sub>${prose(rule)}</sub>`];
  return [prose(what), made.filter((part) => part !== '').join('<br>'), prose(data), prose(wayBack)];
}

function notKnowable({ notKnowable: all }: ServiceReport): string {
  if (all.length === 0) return '';
  return paragraphs([
    '**What Azure does not tell about it**',
    all.map((one) => `- ${prose(one)}`).join('\n'),
  ]);
}

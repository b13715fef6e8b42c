// Job summaries as one HTML page that opens anywhere: styles, script and diagrams are in the page itself.
import { readFile } from 'node:fs/promises';
import { Marked } from 'marked';
import { PICTURE_STYLE } from './databases/style.ts';
import { drawMarks } from './page-marks.ts';
import { PAGE_STYLE } from './page-style.ts';
import { DOMAINS_STYLE } from './service/style.ts';

export interface ReportPage {
  readonly title: string;
  /** HTML below the title, for example what users saw. Escape data in it with `escapeHtml`. */
  readonly introHtml?: string;
  /** A part of its own between the introduction and the sections, in the same way as HTML. */
  readonly figures?: { readonly title: string; readonly html: string };
  readonly sections: readonly { readonly title: string; readonly markdown: string }[];
}

/**
 * The page as HTML, about 5 MB because Mermaid is in it. The browser is told to load nothing from anywhere.
 * Markdown may contain HTML, so it must come from `renderSummary`, which escapes what it quotes.
 */
export async function renderReportPage(page: ReportPage): Promise<string> {
  const mermaid = await readFile(new URL(import.meta.resolve('mermaid/dist/mermaid.min.js')), 'utf8');
  return [
    '<!doctype html>',
    '<html lang="en">',
    head(page.title),
    '<body>',
    `<header><h1>${escapeHtml(page.title)}</h1></header>`,
    contents(page),
    page.introHtml === undefined ? '' : `<section>${page.introHtml}</section>`,
    page.figures === undefined ? '' : figures(page.figures),
    ...page.sections.map(section),
    `<script>${insideScript(mermaid)}</script>`,
    `<script>${START_MERMAID}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Text for an HTML element or a quoted attribute. */
export function escapeHtml(data: string): string {
  return data.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

const START_MERMAID = `
mermaid.initialize({
  startOnLoad: true,
  securityLevel: 'strict',
  deterministicIds: true, // else diagrams drawn within one millisecond share an id, and one place
  theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'neutral',
  flowchart: { htmlLabels: true, useMaxWidth: true, wrappingWidth: 320 },
});
`;

function head(title: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
  return [
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${PAGE_STYLE}${PICTURE_STYLE}${DOMAINS_STYLE}</style>`,
    '</head>',
  ].join('\n');
}

function contents({ sections, figures: own }: ReportPage): string {
  if (sections.length < 2) return '';
  const items = [
    ...(own ? [{ id: FIGURES, title: own.title }] : []),
    ...sections.map(({ title }, index) => ({ id: `s${index}`, title })),
  ].map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`);
  return `<nav><ul>${items.join('')}</ul></nav>`;
}

const FIGURES = 'figures';

function figures({ title, html }: NonNullable<ReportPage['figures']>): string {
  return `<section id="${FIGURES}"><h2>${escapeHtml(title)}</h2>\n${html}</section>`;
}

function section({ title, markdown }: ReportPage['sections'][number], index: number): string {
  const body = drawMarks(marked.parse(markdown, { async: false }));
  return `<section id="s${index}"><h2>${escapeHtml(title)}</h2>\n${body}</section>`;
}

const marked = new Marked({
  gfm: true,
  renderer: {
    code({ text, lang }) {
      if (lang === 'mermaid') return `<pre class="mermaid">${escapeHtml(text)}</pre>\n`;
      return `<pre><code>${escapeHtml(text)}</code></pre>\n`;
    },
    table(token) {
      // A wide table scrolls by itself, not the page.
      const cells = (row: typeof token.header, tag: 'th' | 'td') =>
        row
          .map((cell) => {
            const align = cell.align === null ? '' : ` class="${cell.align}"`;
            return `<${tag}${align}>${this.parser.parseInline(cell.tokens)}</${tag}>`;
          })
          .join('');
      const body = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
      return `<div class="table"><table><thead><tr>${cells(token.header, 'th')}</tr></thead>\n<tbody>${body}</tbody></table></div>\n`;
    },
  },
});

/** A script's text must contain nothing that HTML would take for the end or the start of a script. */
function insideScript(script: string): string {
  return script.replace(/<(?=\/?script|!--)/gi, '\\x3C');
}

// demo-report/: the job summaries as Markdown, and everything as one page.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ending } from './ending.ts';
import { escapeHtml, renderReportPage } from './html.ts';
import type { Shown } from './show.ts';

/**
 * Replaces the folder.
 * @returns file names of the summaries, in the order of the runs.
 */
export async function writeReport(folder: string, { ending, runs, figures }: Shown): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = runs.map(({ summary }, index) => ({ name: `summary-${index + 1}.md`, summary }));
  await Promise.all(files.map(({ name, summary }) => writeFile(join(folder, name), summary)));
  const page = await renderReportPage({
    title: 'rolling-upgrade: the demo, run by run',
    introHtml: introHtml(ending),
    ...(figures === null ? {} : { figures }),
    sections: runs.map(({ title, summary }, index) => ({
      title: `${index + 1}. ${title}`,
      markdown: summary,
    })),
  });
  await writeFile(join(folder, 'index.html'), page);
  return files.map(({ name }) => name);
}

function introHtml({ verdict, parts }: Ending): string {
  const shown = parts.map(({ title, text }) => `<h3>${escapeHtml(title)}</h3><pre>${escapeHtml(text)}</pre>`);
  return `<p><strong>${escapeHtml(verdict)}</strong></p>${shown.join('')}`;
}

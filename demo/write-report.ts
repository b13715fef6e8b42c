// demo-report/: the job summaries as Markdown, and everything as one page.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Played } from './acts/played.ts';
import type { Ending } from './ending.ts';
import { escapeHtml, renderReportPage } from './html.ts';

/**
 * Replaces the folder.
 * @param pictures HTML of the databases; null where there are none.
 * @returns file names of the summaries, in the order of the acts.
 */
export async function writeReport(
  folder: string,
  played: readonly Played[],
  ending: Ending,
  pictures: string | null,
): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = played.map(({ summary }, index) => ({ name: `summary-${index + 1}.md`, summary }));
  await Promise.all(files.map(({ name, summary }) => writeFile(join(folder, name), summary)));
  const page = await renderReportPage({
    title: 'rolling-upgrade: the demo, run by run',
    introHtml: introHtml(ending),
    ...(pictures === null
      ? {}
      : { figures: { title: 'The databases and their links, whenever they changed', html: pictures } }),
    sections: played.map(({ act, summary }, index) => ({
      title: `${index + 1}. ${act.title}`,
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

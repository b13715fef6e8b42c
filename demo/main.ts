// `npm run demo`: the committed bundle upgrades a running application on the embedded Azure, while users read and
// write through the public name. It exits with 0 only if everything it shows was verified.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../local-azure/clock.ts';
import { createRandom } from '../local-azure/random.ts';
import { runAction } from '../local-azure/runner/action-runner.ts';
import { type LocalAzure, startLocalAzure } from '../local-azure/start.ts';
import { DATABASE, TRAFFIC } from '../local-azure/topologies/contoso.ts';
import { DEFAULTS } from '../local-azure/topologies/options.ts';
import { startUsers, type Users } from '../local-azure/users/users.ts';
import { renderEndpointTableText } from '../src/action/summary/endpoint-text.ts';
import type { RunReport } from '../src/engine/report.ts';
import { escapeHtml, renderReportPage } from './html.ts';
import { type Act, STORY } from './story.ts';
import { usersLines, WHY_GAP_AND_WINDOW_DIFFER, windowLines } from './users-view.ts';
import { differences } from './verify.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REPORT = join(ROOT, 'demo-report');
/** Azure's own pace would take half an hour; at a thirtieth a minute is two seconds. */
const SCALE = 1 / 30;
/** The DNS time to live goes with that pace: half a minute of Azure's. */
const TTL_SECONDS = 1;

interface End {
  readonly good: boolean;
  readonly verdict: string;
  readonly parts: readonly { readonly title: string; readonly text: string }[];
}

interface Played {
  readonly act: Act;
  readonly report: RunReport;
  readonly summary: string;
  readonly problems: readonly string[];
}

const startedAt = Date.now();
const directory = await mkdtemp(join(tmpdir(), 'rolling-upgrade-demo-'));
const azure = await startLocalAzure({
  ...DEFAULTS,
  latency: 'typical',
  scale: SCALE,
  ttlSeconds: TTL_SECONDS,
});
say(
  'An embedded Azure is running on loopback: resource manager, Entra, SQL over TDS, Traffic Manager, DNS, two web apps.',
);
say(`Users open https://${TRAFFIC.publicName}: 20 reads and 10 writes a second, all the while.\n`);
const users = await openForUsers(azure);

const played: Played[] = [];
for (const act of STORY) played.push(await play(act));

await users.stop();
const lost = await lostWrites();
const end = endOf(lost);
for (const { title, text } of end.parts) say(`${title}\n${indented(text)}\n`);
say(end.verdict);
await writePage(end);
await azure.close();
await rm(directory, { recursive: true, force: true });
process.exit(end.good ? 0 : 1);

async function openForUsers(local: LocalAzure): Promise<Users> {
  const cloud: { connectTo: Record<string, string> } = JSON.parse(
    local.description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}',
  );
  return startUsers({
    publicName: TRAFFIC.publicName,
    dnsServer: local.description.dns,
    connectTo: cloud.connectTo,
    ca: await readFile(local.description.ca, 'utf8'),
    clock: systemClock(),
    random: createRandom(7),
    readsPerSecond: 20,
    writesPerSecond: 10,
  });
}

async function play(act: Act): Promise<Played> {
  const number = STORY.indexOf(act) + 1;
  say(`${number}/${STORY.length}  ${act.title}   (phase: ${act.inputs.phase})`);
  if (act.deploy) {
    await azure.deploy(act.deploy.site, null, act.deploy.version);
    say(`     your own workflow deploys version ${act.deploy.version} to ${act.deploy.site}`);
  }
  const run = await runAction(
    { bundle: join(ROOT, 'dist/index.js'), environment: azure.description.environment, directory },
    act.inputs,
    { onLine: (line, step) => (step === 'main' && isStory(line) ? say(`     ${line}`) : undefined) },
  );
  const path = run.main.outputs.report;
  if (!path) throw new Error(`The action left no report. Its log:\n${run.main.log}`);
  const report: RunReport = JSON.parse(await readFile(path, 'utf8'));
  say(`     → ${report.verdict.headline}`);
  const problems = differences(act, report, run.main.exitCode);
  for (const problem of problems) say(`     NOT AS EXPECTED: ${problem}`);
  say('');
  return { act, report, summary: run.main.summary, problems };
}

/** The lines of the log a person follows; the rest is in the summaries. */
function isStory(line: string): boolean {
  return /^([✓✗=↶-] |Phase |Rollback)/.test(line);
}

/** Every acknowledged write has to be in the database that serves users now. */
async function lostWrites(): Promise<string[]> {
  const rows = azure.fabric.inspect('contoso-sql-green', DATABASE, 'SELECT Id FROM Orders');
  const there = new Set(rows.map((row) => String(row.Id).toLowerCase()));
  return users.verify(async (id) => there.has(id.toLowerCase()));
}

function endOf(lostIds: readonly string[]): End {
  const report = users.report();
  const reports = played.map((one) => one.report);
  const problems = played.flatMap((one) => one.problems);
  const versionTwo = report.lastAnsweredBy?.includes('2.0.0') ?? false;
  const good = problems.length === 0 && lostIds.length === 0 && versionTwo && report.writes.acknowledged > 0;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  return {
    good,
    verdict: good
      ? `Verified: every phase ended as it should, users are on version 2.0.0 and can write, no write was lost. (${seconds} s)`
      : `NOT VERIFIED: ${[...problems, `${lostIds.length} writes lost`].join('; ')}.`,
    parts: [
      { title: 'What users saw', text: usersLines(report, lostIds.length).join('\n') },
      { title: 'Read-only windows', text: [...windowLines(reports), WHY_GAP_AND_WINDOW_DIFFER].join('\n') },
      { title: 'Where everything stands', text: renderEndpointTableText(reports.at(-1)?.after ?? []) },
    ],
  };
}

async function writePage(ended: End): Promise<void> {
  await rm(REPORT, { recursive: true, force: true });
  await mkdir(REPORT, { recursive: true });
  const sections = played.map(({ act, summary }, index) => ({
    title: `${index + 1}. ${act.title}`,
    markdown: summary,
  }));
  await Promise.all(
    played.map(({ summary }, index) => writeFile(join(REPORT, `summary-${index + 1}.md`), summary)),
  );
  const parts = ended.parts.map(
    ({ title, text }) => `<h3>${escapeHtml(title)}</h3><pre>${escapeHtml(text)}</pre>`,
  );
  const page = await renderReportPage({
    title: 'rolling-upgrade: the demo, run by run',
    introHtml: `<p><strong>${escapeHtml(ended.verdict)}</strong></p>${parts.join('')}`,
    sections,
  });
  await writeFile(join(REPORT, 'index.html'), page);
  say(`Job summaries: demo-report/summary-1.md … summary-${played.length}.md`);
  say('As one page, with diagrams: demo-report/index.html');
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function say(line: string): void {
  console.log(line);
}

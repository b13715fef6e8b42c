// The bundle, and an Azure in which everybody it talks to has been taken over: what they say reaches people as text, and
// reaches nobody as a command, as markup or as somebody's secret.
import { afterEach, expect, test } from '@jest/globals';
import { marked } from 'marked';
import { type Acted, type Scenario, startScenario } from '../acceptance/scenario.ts';

let scenario: Scenario;
afterEach(() => scenario?.close());

const LINES = ['::error::owned', '\u0085::add-mask::contoso', '##[error]owned', '\u001b[2J\u001b[1;1Howned'];
const MARKUP = '<img src=x onerror=alert(1)> [owned](javascript:alert(1)) | `x` <!-- @octocat </details>';
const PASSWORD = 'Zq81hunter2';
const CONNECTION = `Server=tcp:x;User ID=sa;Password=${PASSWORD};Encrypt=True`;
const SIGNED = `https://contoso.blob.core.windows.net/p/a.zip?sv=1&sig=${PASSWORD}%3D`;
const EVIL = [...LINES, MARKUP, CONNECTION, SIGNED].join('\n');

/** What the action itself says to the runner; anything else that begins so would be somebody else's. */
const OWN = /^::(?:add-mask|group|endgroup|error|warning|debug)\b/;

/** Lines that a runner would obey, and that the action has not written. */
function obeyed(log: string): string[] {
  return log
    .split(/\r\n|[\n\r]/)
    .filter((line) => /^[\s\p{C}\p{Z}]*::/u.test(line) || line.includes('##['))
    .filter(
      (line) =>
        !OWN.test(line) ||
        /^::(?:error|add-mask)::(?:owned|contoso)$/.test(line) ||
        /^::[a-z-]+[^:]*::.*##\[/.test(line),
    );
}

function expectHarmless({ run, report }: Acted): void {
  for (const process of [run.main, run.post]) {
    if (process === null) continue;
    expect(obeyed(process.log)).toEqual([]);
    expect(process.log).not.toContain('\u001b');
    const html = String(marked.parse(process.summary));
    expect(html).not.toMatch(/<img|<script|href="javascript/i);
    const told = [
      process.summary,
      JSON.stringify(process.outputs),
      process.log.replaceAll(/^::add-mask::.*$/gm, ''),
    ];
    for (const text of [...told, JSON.stringify(report)]) expect(text).not.toContain(PASSWORD);
  }
}

test('a database, whose messages and errors are commands, markup and secrets', async () => {
  scenario = await startScenario();
  const said = EVIL.replaceAll("'", "''").replaceAll('$(', '$ (');
  scenario.write('db/v2/80-said.sql', `PRINT N'${said}';\nGO\nRAISERROR(N'%s', 16, 1, N'${said}');\n`);
  const failed = await scenario.act({ phase: 'prepare, upgrade' });
  expect([failed.report.result, failed.report.reasonCode]).toEqual(['rolled-back', 'script-failed']);
  // It was said, to people.
  expect(failed.run.main.log).toContain(': :error::owned');
  expect(failed.run.main.summary).toContain('owned');
  expectHarmless(failed);
});

test('Resource Manager, whose refusal is quoted', async () => {
  scenario = await startScenario();
  const fault = { kind: 'error', status: 400, code: '::error::owned', message: EVIL } as const;
  scenario.azure.faults.add({ at: 'arm PUT .*/databases/contoso$', fault });
  const failed = await scenario.act({ phase: 'prepare' });
  expect(failed.report.error?.message).toContain('owned');
  expectHarmless(failed);
});

test('a site, whose version is markup and a command', async () => {
  scenario = await startScenario();
  const message = `${MARKUP} ::error::owned ##[error]owned`;
  const fault = { kind: 'error', status: 200, code: 'x', message } as const;
  scenario.azure.faults.add({ at: 'site contoso-blue', fault, times: null });
  scenario.editConfig((text) =>
    text
      .replace(/^ *version-from:.*\n/m, '')
      .replace('health:\n', 'health:\n  version-from: { json: message }\n'),
  );
  const seen = await scenario.act({ phase: 'status' });
  expect(seen.report.after.map(({ version }) => version)).toContain(message);
  expectHarmless(seen);
});

test('the configuration, whose names are shown before anything is known of them', async () => {
  scenario = await startScenario();
  const key = JSON.stringify(EVIL);
  scenario.editConfig((text) => `${text}\n${key}: ${key}\n? [${JSON.stringify(LINES[0])}]\n: 1\n`);
  const refused = await scenario.act({ phase: 'plan' });
  expect(refused.report.reasonCode).toBe('config-invalid');
  expectHarmless(refused);
});

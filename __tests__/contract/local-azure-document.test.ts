// The snippet of docs/local-azure.md that people paste to have the variables of an embedded Azure.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const AT = {
  ready: true,
  pid: 7,
  node: '/n/node',
  environment: { AZURE_CLIENT_ID: 'c' },
  arm: 'https://localhost:1',
  authority: 'https://localhost:2',
  ca: '/t/ca.pem',
  dns: '127.0.0.1:3',
  control: 'http://127.0.0.1:4',
  sqlLogin: { user: 'admin', password: 'p' },
};

function exported(sql: Readonly<Record<string, string>>): string[] {
  const program = /node -e '\n(?<program>.*?)\n'\)"/s.exec(readFileSync('docs/local-azure.md', 'utf8'));
  const cwd = mkdtempSync(join(tmpdir(), 'rolling-upgrade-document-'));
  writeFileSync(join(cwd, 'azure.json'), JSON.stringify({ ...AT, sql }));
  const told = execFileSync(process.execPath, ['-e', program?.groups?.program ?? 'throw "no snippet"'], {
    cwd,
  });
  return told.toString().trim().split('\n');
}

test('with databases the server and its login are variables', () => {
  const lines = exported({ 'contoso-sql-blue': '127.0.0.1:5', 'contoso-sql-green': '127.0.0.1:6' });
  expect(lines).toEqual(expect.arrayContaining(["export SQL='127.0.0.1:5'", "export SQL_USER='admin'"]));
  expect(lines).toContain("export AZURE_CLIENT_ID='c'");
});

test('without databases nothing is said to be undefined', () => {
  const lines = exported({});
  expect(lines).toContain("export AZURE_PID='7'");
  expect(lines.filter((line) => /undefined|SQL/.test(line))).toEqual([]);
});

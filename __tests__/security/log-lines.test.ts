// Text from elsewhere commands neither the runner that reads the log nor the terminal that shows it.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRunLog, type LogSink } from '../../src/action/log.ts';
import { withoutSecrets } from '../../src/action/secret-shapes.ts';
import { outputFor } from '../../src/action/sink.ts';
import { withoutCommands } from '../../src/action/workflow-commands.ts';
import type { RunReport } from '../../src/engine/report.ts';
import { report } from '../action/sample-report.ts';

/** What .NET's TrimStart takes away, and what its comparison by culture does not see. */
const PASSED_OVER = [
  ...['\t', '\u000b', '\f', ' ', '\u0085', '\u00a0', '\u1680', '\u2003', '\u202f', '\u205f', '\u3000'],
  ...['\0', '\u00ad', '\u200b', '\u200d', '\u2060', '\ufeff', '\u0301', '\u{e0001}'],
];
const LINE_BREAKS = /\r\n|[\n\r]/;

/** As the runner reads a line: a command or not. */
function commands(printed: string): string[] {
  return printed
    .split(LINE_BREAKS)
    .filter((line) => /^[\s\p{C}\p{Z}\p{M}]*::/u.test(line) || line.includes('##['));
}

describe('a line of the log', () => {
  test.each(
    PASSED_OVER.map((one) => [one.codePointAt(0)?.toString(16) ?? '', one]),
  )('is no command behind U+%s, which the runner passes over', (_code, one) => {
    expect(commands(withoutCommands(`${one}::error::x`))).toEqual([]);
    expect(commands(withoutCommands(`fine${one}\n${one}${one}::add-mask::x`))).toEqual([]);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      '::',
      '##[',
      ':',
      '#',
      '[',
      'error',
      'set-output name=result',
      '\r',
      '\n',
      '\r\n',
      '\u2028',
    ),
    fc.constantFrom(
      ...PASSED_OVER,
      '\u001b[',
      '\u001b]0;',
      '\u001b',
      '8m',
      '2J',
      '\u202e',
      '\u009b2J',
      '\u0007',
      '\b',
    ),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  );
  const hostile = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  test('of any text is no command, moves no cursor and turns no text around', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const printed = withoutCommands(text);
        expect(commands(printed)).toEqual([]);
        expect(printed.replaceAll('\n', '').replaceAll('\t', '')).not.toMatch(
          /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('keeps what a person reads', () => {
    expect(withoutCommands('Msg 207: Invalid column "naïve" ✓\n\tat a::b 100 %')).toBe(
      'Msg 207: Invalid column "naïve" ✓\n\tat a::b 100 %',
    );
    expect(withoutCommands('\u001b[31mred\u001b[0m')).toBe('red');
    // Hidden by a terminal, and to be seen here: what was typed over.
    expect(withoutCommands('good\b\b\b\bevil')).toBe('good␈␈␈␈evil');
  });

  test('is like that wherever in the log it stands', () => {
    const lines: string[] = [];
    const take = (text: string | Error) => lines.push(String(text));
    const sink: LogSink = {
      info: take,
      debug: take,
      warning: take,
      error: (text, properties) => lines.push(String(text), properties?.title ?? ''),
      startGroup: take,
      endGroup: () => undefined,
    };
    const log = createRunLog(sink);
    const evil = '\u0085::stop-commands::x\n##[error]\u001b[2J';
    const step = { id: 'freeze', title: evil, article: null, phase: 'upgrade', startedAt: null } as const;
    log.stepStarted(step);
    log.stepLine(step, evil);
    log.line(evil);
    log.section(evil);
    log.warning(evil);
    log.debug(evil);
    log.stepEnded({ ...step, state: 'failed', seconds: 1, evidence: [evil] });
    log.rollbackStarted(evil);
    log.runEnded({ headline: evil, next: [evil], remarks: [evil] }, null);
    log.runEnded({ headline: evil, next: [] }, errorSaying(evil));
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect([line, commands(line)]).toEqual([line, []]);
    expect(lines.join('\n')).not.toContain('\u001b');
  });

  test('shows a person at a terminal no secret and no escape sequence', () => {
    const printed: string[] = [];
    const { sink, masking } = outputFor({}, (text) => printed.push(text));
    masking.mask('Zq81-very-secret');
    const log = createRunLog(sink);
    log.line('\u001b[8mhidden\u001b[0m Zq81-very-secret');
    log.warning('\u001b]0;title\u0007 Zq81-very-secret');
    expect(printed).toEqual(['hidden ***', 'Warning: ␛]0;title␇ ***']);
  });
});

function errorSaying(message: string): NonNullable<RunReport['error']> {
  if (report.error === null) throw new Error('the sample has an error');
  return { ...report.error, message, advice: [message], causes: [message] };
}

describe('a secret that nobody has told us of', () => {
  const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl';
  test.each([
    [
      'a connection string',
      'Login failed: Server=tcp:x;User ID=sa;Password=hunter2!;Encrypt=True',
      'hunter2',
    ],
    ['a quoted password', 'Pwd="hunter2;x y";Encrypt=True', 'hunter2'],
    ['a storage key', 'AccountName=a;AccountKey=aHVudGVyMg==;EndpointSuffix=x', 'aHVudGVyMg'],
    [
      'a signature in an address',
      'GET https://a.blob.core.windows.net/x?sv=1&sig=hunter2%3D&se=2 failed',
      'hunter2',
    ],
    ['a token', `token ${JWT} is not valid`, 'eyJ'],
    ['a bearer', 'authorization: Bearer abcdefghijklmnopqrstuvwxyz012345', 'abcdefghij'],
    ['an address with a password', 'proxy http://user:hunter2@proxy.contoso.com:8080 refused', 'hunter2'],
    ['a member of JSON', '{"clientSecret": "hunter2", "a": 1}', 'hunter2'],
    ['a form', 'client_id=a&client_secret=hunter2&grant_type=x', 'hunter2'],
  ])('is taken out: %s', (_what, text, secret) => {
    expect(withoutSecrets(text)).not.toContain(secret);
    expect(withoutSecrets(withoutSecrets(text))).toBe(withoutSecrets(text));
  });

  test('and what is none stays: statements to copy, settings without a value, addresses', () => {
    const said = [
      "CREATE LOGIN [a] WITH PASSWORD = N'PASSWORD', SID = 0x01;",
      'https://aka.ms/sqlmsg18456 says more; Password= is empty',
      'Bearer token missing, eyJ is how one begins',
      'az account get-access-token --query accessToken',
    ];
    for (const text of said) expect(withoutSecrets(text)).toBe(text);
  });

  test('is looked for in linear time', () => {
    const worst = ['eyJ', 'Password=', '://', 'Bearer ', '"password":', 'a:', '?sig=', ' '].map((part) =>
      part.repeat(40_000),
    );
    const before = process.cpuUsage().user;
    for (const text of worst) withoutSecrets(text);
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(5);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redact, redactReport } from '../../src/action/summary/redact.ts';
import { renderSummary } from '../../src/action/summary/summary.ts';
import { ROLLED_BACK } from './sample-reports.ts';

const SECRET = 'p@ss|w<o>rd_`1`*$';

describe('redact', () => {
  test.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ password: 'a"b\\c-secret' })],
    ['in an address', `https://x/?p=${encodeURIComponent(SECRET)}`],
    ['in base64', Buffer.from(SECRET).toString('base64')],
  ])('finds a secret %s', (_, text) => {
    const redacted = redact(text, [SECRET, 'a"b\\c-secret']);
    expect(redacted).toContain('***');
    expect(redacted).not.toContain('secret"');
    expect(redacted).not.toContain(Buffer.from(SECRET).toString('base64'));
    expect(redacted).not.toContain('ss%7Cw');
  });

  test('finds it in a summary, wherever it was quoted and however it was escaped there', () => {
    const report = {
      ...ROLLED_BACK,
      verdict: { headline: `login failed with ${SECRET}`, next: [`do\nsqlcmd -P ${SECRET}`] },
      steps: ROLLED_BACK.steps.map((step) => ({ ...step, evidence: [SECRET, 'and `p@ss-w0rd!` too'] })),
      publicName: SECRET,
    };
    const secrets = [SECRET, 'p@ss-w0rd!'];
    const plain = renderSummary(redactReport(report, secrets));
    for (const markdown of [plain, redact(plain, secrets)]) {
      expect(markdown).toContain('login failed with');
      expect(markdown).not.toMatch(/rd_|rd&#95;|w0rd/);
    }
  });

  test('masks a secret inside a longer one completely, and every line of a key', () => {
    expect(redact('secret-and-more', ['secret', 'secret-and-more'])).toBe('***');
    expect(redact('line AAAABBBB in a log', ['BEGIN KEY\nAAAABBBB\nEND KEY'])).toBe('line *** in a log');
  });

  test('leaves words alone that are no secrets, and empty or tiny secrets without effect', () => {
    expect(redact('a b c', ['', ' ', 'a', 'b c'])).toBe('a b c');
  });

  test('never lengthens a text', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (text, secrets) => {
        expect(redact(text, secrets).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

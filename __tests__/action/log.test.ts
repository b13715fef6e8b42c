import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRunLog, type LogSink } from '../../src/action/log.ts';
import { createMasking } from '../../src/action/masking.ts';
import { onCancellation } from '../../src/action/signals.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { report } from './sample-report.ts';

/** Whoever has begun in this turn has begun. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function recordingSink(): { sink: LogSink; lines: string[] } {
  const lines: string[] = [];
  const sink: LogSink = {
    info: (text) => lines.push(text),
    debug: (text) => lines.push(`[debug] ${text}`),
    warning: (text) => lines.push(`[warning] ${text}`),
    error: (text, properties) => lines.push(`[error ${properties?.title}] ${text}`),
    startGroup: (title) => lines.push(`▸ ${title}`),
    endGroup: () => lines.push('◂'),
  };
  return { sink, lines };
}

const step = {
  id: 'freeze',
  title: 'Freeze production',
  article: '(3)',
  phase: 'upgrade',
  startedAt: null,
} as const;

describe('log', () => {
  test('has a group for every step, and how it ended outside of it', () => {
    const { sink, lines } = recordingSink();
    const log = createRunLog(sink);
    log.phaseStarted('upgrade');
    log.stepStarted(step);
    log.line('contoso is read-only');
    log.stepEnded({ ...step, state: 'done', seconds: 1.26, evidence: ['READ_ONLY read back'] });
    expect(lines).toEqual([
      'Phase upgrade',
      '▸ (3) Freeze production',
      'contoso is read-only',
      'READ_ONLY read back',
      '◂',
      '✓ (3) Freeze production: done in 1.3 s',
    ]);
  });

  test('never nests groups, and closes them where a step broke off', () => {
    const { sink, lines } = recordingSink();
    const log = createRunLog(sink);
    log.stepStarted(step);
    log.section('db/1.sql, batch 1');
    log.section('db/1.sql, batch 2');
    log.rollbackStarted('the script failed');
    log.stepStarted({ id: 'freeze', title: 'Unfreeze production', article: '(8)' });
    log.runEnded(report.verdict, report.error);
    let open = 0;
    for (const line of lines) {
      if (line.startsWith('▸')) open++;
      if (line === '◂') open--;
      expect(open === 0 || open === 1).toBe(true);
    }
    expect(open).toBe(0);
  });

  test.each([
    ['already-done', 'nothing to do'],
    ['refused', 'refused, nothing was touched'],
    ['undone', 'done'],
    ['skipped', 'nothing to undo'],
    ['kept', 'kept'],
    ['undo-failed', 'FAILED'],
  ] as const)('says of what is %s: %s', (state, words) => {
    const { sink, lines } = recordingSink();
    createRunLog(sink).stepEnded({ ...step, state, seconds: null, evidence: [] });
    expect(lines.at(-1)).toMatch(new RegExp(`: ${words}$`));
  });

  test('ends a failed run with one error that has the reason and what to do', () => {
    const { sink, lines } = recordingSink();
    createRunLog(sink).runEnded(report.verdict, report.error);
    expect(lines.filter((line) => line.startsWith('[error'))).toEqual([
      '[error Rolled back: users are on V1, read and write. (script-failed)] db/2.sql, line 3\n→ Mend it.\nMsg 207',
    ]);
    expect(lines.at(-1)).toBe('  Mend db/2.sql and run upgrade again.');
  });

  test('says every hint once: what the error has is not told after it again', () => {
    const { sink, lines } = recordingSink();
    const verdict = { headline: 'h', next: ['Mend it.', 'Run it again.'], remarks: ['Autoscale is off.'] };
    createRunLog(sink).runEnded(verdict, report.error);
    expect(lines.join('\n').split('Mend it.')).toHaveLength(2);
    expect(lines.slice(1)).toEqual(['  Run it again.', '  Autoscale is off.']);
  });

  test('gives the runner no command that came from SQL Server or a program', () => {
    const { sink, lines } = recordingSink();
    const log = createRunLog(sink);
    log.stepStarted(step);
    log.line('::set-output name=result::succeeded\r\n  ::stop-commands::x\rdone ##[error]no');
    log.stepEnded({ ...step, state: 'failed', seconds: 1, evidence: ['::add-mask::a'] });
    log.runEnded({ headline: '::warning::h', next: [] }, null);
    const printed = lines.flatMap((line) => line.split('\n'));
    expect(printed.filter((line) => /^\s*::|##\[/.test(line))).toEqual([]);
    expect(printed).toContain(': :set-output name=result::succeeded');
  });

  test('ends a good run without an error', () => {
    const { sink, lines } = recordingSink();
    createRunLog(sink).runEnded({ headline: 'Users are on V2.', next: [] }, null);
    expect(lines).toEqual(['Users are on V2.']);
  });

  test('keeps the annotation within what the runner shows', () => {
    const { sink, lines } = recordingSink();
    createRunLog(sink).runEnded(report.verdict, {
      reason: 'azure-error',
      message: 'm',
      advice: [],
      causes: ['x'.repeat(9_000)],
    });
    expect((lines[0] ?? '').length).toBeLessThan(4_200);
  });
});

describe('steps side by side', () => {
  const named = (id: string, title: string) => ({ ...step, id, title, article: null });
  const copy = named('copy', 'Create the copy');
  const wait = named('wait', 'Wait for the copy');
  const site = named('site', 'Create the site');
  const over = { state: 'done', seconds: 1 } as const;

  test('begin without groups, and every line says which step it is of', async () => {
    const { sink, lines } = recordingSink();
    const log = createRunLog(sink);
    log.stepStarted(copy);
    log.stepStarted(site);
    await turn();
    log.stepLine(copy, '10 %');
    log.stepLine(site, 'plan contoso-plan');
    log.stepEnded({ ...site, ...over, evidence: ['contoso-2 created'] });
    log.stepLine(copy, '90 %');
    log.stepEnded({ ...copy, ...over, evidence: [] });
    expect(lines).toEqual([
      'Create the copy: begun',
      'Create the site: begun',
      'Create the copy: 10 %',
      'Create the site: plan contoso-plan',
      'Create the site: contoso-2 created',
      '✓ Create the site: done in 1.0 s',
      'Create the copy: 90 %',
      '✓ Create the copy: done in 1.0 s',
    ]);
  });

  test('a step that is left alone by the others gets its group again', async () => {
    const { sink, lines } = recordingSink();
    const log = createRunLog(sink);
    log.stepStarted(copy);
    log.stepStarted(site);
    await turn();
    log.stepEnded({ ...site, ...over, evidence: [] });
    log.stepEnded({ ...copy, ...over, evidence: [] });
    log.stepStarted(wait);
    await turn();
    log.stepLine(wait, 'CATCH_UP');
    expect(lines.slice(-2)).toEqual(['▸ Wait for the copy', 'CATCH_UP']);
  });

  test('one that is joined by another closes its group and is named from then on', async () => {
    const { sink, lines } = recordingSink();
    const log = createRunLog(sink);
    log.stepStarted(copy);
    log.stepLine(copy, '10 %');
    log.stepStarted(site);
    log.stepLine(copy, '20 %');
    expect(lines).toEqual([
      '▸ Create the copy',
      '10 %',
      '◂',
      'Create the site: begun',
      'Create the copy: 20 %',
    ]);
  });

  test('one alone shows its group at once, though it says nothing for long', async () => {
    const { sink, lines } = recordingSink();
    createRunLog(sink).stepStarted(copy);
    await turn();
    expect(lines).toEqual(['▸ Create the copy']);
  });

  test('whatever happens in whatever order: no group within a group, none with lines of two steps, all closed', () => {
    const steps = [copy, wait, site];
    const event = fc.record({
      of: fc.constantFrom(...steps),
      what: fc.constantFrom('starts', 'says', 'ends', 'section', 'section ends', 'warns'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const { sink, lines } = recordingSink();
        const log = createRunLog(sink);
        const open = new Set<string>();
        for (const { of, what } of events) {
          if (what === 'starts' && !open.has(of.id)) {
            open.add(of.id);
            log.stepStarted(of);
          }
          if (what === 'says' && open.has(of.id)) log.stepLine(of, `line of ${of.id}`);
          if (what === 'ends' && open.delete(of.id)) log.stepEnded({ ...of, ...over, evidence: [] });
          if (what === 'section') log.section('batch');
          if (what === 'section ends') log.sectionEnded();
          if (what === 'warns') log.warning('look');
        }
        log.runEnded(report.verdict, null);
        let group: Set<string> | null = null;
        for (const line of lines) {
          if (line.startsWith('▸')) {
            expect(group).toBeNull();
            group = new Set();
          }
          if (line === '◂') group = null;
          const [, id] = /line of (\w+)$/.exec(line) ?? [];
          if (id) group?.add(id);
          expect(group?.size ?? 0).toBeLessThan(2);
        }
        expect(group).toBeNull();
      }),
    );
  });
});

describe('masking', () => {
  test('tells the runner each secret once, and no blank ones', () => {
    const told: string[] = [];
    const { mask } = createMasking((secret) => told.push(secret));
    for (const secret of ['token-1', '', '  ', 'token-1', 'token-2']) mask(secret);
    expect(told).toEqual(['token-1', 'token-2']);
  });

  test('takes every secret out of a text, also out of JSON, also where one contains another', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 6 }), { maxLength: 4 }), fc.string(), (secrets, text) => {
        const masking = createMasking(() => undefined);
        const real = secrets.filter(
          (secret) => secret.trim() !== '' && !'***'.includes(secret) && !secret.includes('*'),
        );
        for (const secret of real) masking.mask(secret);
        const redacted = masking.redact(JSON.stringify({ text: [text, ...real].join(' ') }));
        for (const secret of real) expect(redacted).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
    );
  });
});

describe('cancellation', () => {
  test('aborts at the first signal with a reason, and ignores the later ones', () => {
    const source = new EventEmitter();
    const { signal } = onCancellation(source);
    expect(signal.aborted).toBe(false);
    source.emit('SIGINT', 'SIGINT');
    const { reason } = signal;
    source.emit('SIGTERM', 'SIGTERM');
    expect(reason).toBeInstanceOf(UpgradeError);
    expect(reason).toMatchObject({ reason: 'cancelled', message: expect.stringMatching(/SIGINT/) });
    expect(signal.reason).toBe(reason);
  });

  test('leaves signals alone once disposed', () => {
    const source = new EventEmitter();
    const cancellation = onCancellation(source);
    cancellation.dispose();
    source.emit('SIGTERM', 'SIGTERM');
    expect(cancellation.signal.aborted).toBe(false);
    expect(source.eventNames()).toEqual([]);
  });
});

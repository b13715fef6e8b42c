import { describe, expect, test } from '@jest/globals';
import { parseCommandLine, USAGE } from '../../demo/command-line.ts';

describe('npm run demo', () => {
  test('shows a single region where nothing is asked for', () => {
    expect(parseCommandLine([])).toEqual({ kind: 'show', topology: 'single-region' });
  });

  test.each(['single-region', 'geo-redundant', 'upgrade-domains'])('shows %s', (topology) => {
    expect(parseCommandLine(['--topology', topology])).toEqual({ kind: 'show', topology });
    expect(USAGE).toContain(`--topology ${topology}`);
  });

  test.each([
    [['--topology', 'twin'], /single-region or geo-redundant or upgrade-domains, not "twin"/],
    [['--topolgy', 'geo-redundant'], /--topolgy/],
    [['geo-redundant'], /geo-redundant/],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });

  test('tells how to use it', () => {
    expect(parseCommandLine(['--help'])).toEqual({ kind: 'help' });
  });
});

import { expect, test } from '@jest/globals';
import { runPiece } from './runner.ts';

const started = (node: string) =>
  runPiece(`
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } });
    Object.defineProperty(process, 'version', { value: 'v${node}' });
    await load('action/node-version.ts');
    console.log('went on');`);

test('an older Node is told in one line which one is needed', () => {
  const { code, stdout, stderr } = started('20.20.2');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^Node 24 is needed, this is v20\.20\.2 .*\n$/);
});

test('Node 22 goes on', () => expect(started('22.1.0')).toMatchObject({ code: 0, stdout: 'went on\n' }));

// What an instance is said to run. Nothing but what it tells itself is a proof; what Azure says of the latest model is
// one only as long as no model was put back.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ModelPair, runningVersion } from '../../src/service/versions.ts';
import {
  type RecordedWalk,
  readWalkRecord,
  recordedVersion,
  writeWalkRecord,
} from '../../src/service/walk-record.ts';
import { extension, instance, model } from './instances.ts';

const UPDATE: ModelPair = { previous: model('1.0.0'), target: model('2.0.0'), standing: 'target' };

const running = (changes: Parameters<typeof instance>[1], models: ModelPair = UPDATE) =>
  runningVersion(instance('0', changes), models).version;

describe('an update of the image', () => {
  test.each([
    ['2.0.0', 'target'],
    ['1.0.0', 'previous'],
    ['1.5.0', 'other'],
  ])('is told by the exact version: %s', (exactVersion, expected) => {
    for (const latestModelApplied of [true, false, null]) {
      expect(running({ exactVersion, latestModelApplied })).toBe(expected);
      expect(running({ exactVersion, latestModelApplied }, { ...UPDATE, standing: 'put-back' })).toBe(
        expected,
      );
    }
  });

  test('is told by the latest model where no version is', () => {
    expect(running({ exactVersion: null, latestModelApplied: true })).toBe('target');
    expect(running({ exactVersion: null, latestModelApplied: false })).toBe('previous');
    expect(running({ exactVersion: null })).toBe('unknown');
  });

  test('is not told by the latest model after a model was put back', () => {
    const back: ModelPair = { ...UPDATE, standing: 'put-back' };
    for (const latestModelApplied of [true, false]) {
      expect(running({ exactVersion: null, latestModelApplied }, back)).toBe('unknown');
    }
  });

  test('to another image with the same version number is not told by that number', () => {
    const other = model('1.0.0', { image: model('1.0.0').image?.replace('service', 'other') ?? null });
    const models: ModelPair = { ...UPDATE, target: other };
    expect(running({}, models)).toBe('unknown');
    expect(running({ latestModelApplied: true }, models)).toBe('target');
    expect(running({ exactVersion: '0.9.0', latestModelApplied: true }, models)).toBe('other');
  });

  test('is told without the model before, where it is the target', () => {
    const models: ModelPair = { ...UPDATE, previous: null };
    expect(running({ exactVersion: '2.0.0', skuName: 'standard_ds1_V2' }, models)).toBe('target');
    expect(running({ exactVersion: '1.0.0' }, models)).toBe('other');
    // The size may be what the update changes.
    expect(running({ exactVersion: '2.0.0' }, models)).toBe('unknown');
  });
});

describe('an update of an extension', () => {
  const models: ModelPair = {
    standing: 'target',
    previous: model('1.0.0', { extensions: { app: extension('1.0', { a: 1, b: 2 }) } }),
    target: model('1.0.0', { extensions: { app: extension('1.0', { a: 1, b: 3 }) } }),
  };

  test.each([
    [{ a: 1, b: 3 }, 'target'],
    [{ b: 2, a: 1 }, 'previous'],
    [{ a: 1, b: 4 }, 'other'],
  ])('is told by its settings: %j', (settings, expected) => {
    expect(
      running({ extensions: { App: extension('1.0', settings) }, latestModelApplied: true }, models),
    ).toBe(expected);
  });

  test('is told by the version alone, where the settings are not told', () => {
    const newer = model('1.0.0', { extensions: { app: extension('1.1', { a: 1, b: 3 }) } });
    const told = (version: string) => ({ app: { typeHandlerVersion: version, settings: null } });
    const update = { ...models, target: newer };
    expect(running({ extensions: told('1.1') }, update)).toBe('target');
    expect(running({ extensions: told('1.0') }, update)).toBe('previous');
    // Of settings that differ and are not told nothing is known.
    expect(running({ extensions: told('1.0') }, models)).toBe('unknown');
  });

  test('is not blurred by extensions that it does not change', () => {
    const told = { app: extension('1.0', { a: 1, b: 3 }), monitoring: extension('9.9', { by: 'policy' }) };
    const both = (app: ReturnType<typeof extension>) =>
      model('1.0.0', { extensions: { app, monitoring: extension('1.0') } });
    const update: ModelPair = {
      standing: 'target',
      previous: both(extension('1.0', { a: 1, b: 2 })),
      target: both(extension('1.0', { a: 1, b: 3 })),
    };
    expect(running({ extensions: told }, update)).toBe('target');
  });

  test('is told by its handler’s version', () => {
    const newer = model('1.0.0', { extensions: { app: extension('1.1', { a: 1, b: 2 }) } });
    const told = { extensions: { app: extension('1.1', { a: 1, b: 2 }), other: extension('9.9') } };
    expect(running(told, { ...models, target: newer })).toBe('target');
  });

  test('is not told by the image, which is the same', () => {
    expect(running({}, models)).toBe('unknown');
    expect(running({ latestModelApplied: true }, models)).toBe('target');
  });

  test('is never shown with its settings', () => {
    const told = instance('0', { extensions: { app: extension('1.0', { a: 1, b: 'pa$$word' }) } });
    expect(runningVersion(told, models).evidence).not.toContain('pa$$word');
  });
});

describe('an update of several things', () => {
  const models: ModelPair = {
    ...UPDATE,
    target: model('2.0.0', { sku: { name: 'Standard_D2s_v5', tier: null } }),
  };

  test('is known only when all that is told agrees', () => {
    expect(running({ exactVersion: '2.0.0', skuName: 'Standard_D2s_v5' }, models)).toBe('target');
    expect(running({ exactVersion: '1.0.0', skuName: 'Standard_DS1_v2' }, models)).toBe('previous');
    expect(running({ exactVersion: '2.0.0', skuName: 'Standard_DS1_v2' }, models)).toBe('unknown');
    expect(running({ exactVersion: '2.0.0', skuName: 'Standard_A1' }, models)).toBe('other');
  });
});

describe('an update that no instance tells', () => {
  const models: ModelPair = {
    standing: 'target',
    previous: model('1.0.0', { extensions: { app: extension('1.0', { a: 1 }) } }),
    target: model('1.0.0', { extensions: { app: extension('1.0', { a: 2 }) } }),
  };
  const found = (latestModelApplied: boolean | null, recorded: 'target' | 'previous' | 'unknown') =>
    runningVersion(instance('0', { latestModelApplied }), models, recorded).version;

  test('is told by the walk that was written down, whatever the tags have done to the latest model', () => {
    for (const latestModelApplied of [true, false, null]) {
      expect(found(latestModelApplied, 'target')).toBe('target');
      expect(found(latestModelApplied, 'previous')).toBe('previous');
    }
  });

  test('of a walk that was begun is done where Azure says that the latest model is applied; else nobody knows', () => {
    expect(found(true, 'unknown')).toBe('target');
    expect(found(false, 'unknown')).toBe('unknown');
    expect(found(null, 'unknown')).toBe('unknown');
  });

  test('does not outweigh what an instance tells itself', () => {
    const update: ModelPair = { ...UPDATE, standing: 'target' };
    expect(runningVersion(instance('0', { exactVersion: '1.0.0' }), update, 'target').version).toBe(
      'previous',
    );
  });
});

test('an update that changes nothing is done', () => {
  expect(running({}, { previous: model('1.0.0'), target: model('1.0.0'), standing: 'previous' })).toBe(
    'target',
  );
});

describe('the record of a walk', () => {
  const anyWalk: fc.Arbitrary<RecordedWalk> = fc.record({
    domain: fc.nat(19),
    to: fc.constantFrom('target', 'previous'),
    state: fc.constantFrom('begun', 'done'),
  });

  test('tells what instances run that do not', () => {
    const record: RecordedWalk[] = [
      { domain: 0, to: 'target', state: 'done' },
      { domain: 1, to: 'target', state: 'begun' },
    ];
    expect([0, 1, 2].map((domain) => recordedVersion(record, domain))).toEqual([
      'target',
      'unknown',
      'previous',
    ]);
    const back = [...record, { domain: 0, to: 'previous', state: 'done' } as const];
    expect(recordedVersion(back, 0)).toBe('previous');
  });

  test('says the same after it was written and read, in the space of a tag', () => {
    fc.assert(
      fc.property(fc.array(anyWalk), (record) => {
        const text = writeWalkRecord(record);
        expect(text.length).toBeLessThanOrEqual(256);
        const read = readWalkRecord(text) ?? [];
        for (let domain = 0; domain < 20; domain++) {
          expect(recordedVersion(read, domain)).toBe(recordedVersion(record, domain));
        }
      }),
    );
  });

  test.each(['0', 'x', '0T,1T', '0t', '-1T'])('is none: %s', (text) =>
    expect(readWalkRecord(text)).toBeNull());
});

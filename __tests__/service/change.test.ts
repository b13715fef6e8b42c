// What an update changes, held against the article's table.
import { describe, expect, test } from '@jest/globals';
import type { ScaleSetTarget } from '../../src/config/service-config.ts';
import { ALLOWED_CHANGES, type ChangeKind, classOf, isAllowedBy } from '../../src/service/allowed-changes.ts';
import { notAllowedBy } from '../../src/service/change.ts';
import { targetModel } from '../../src/service/model-parts.ts';
import { changesOfScaleSet } from '../../src/service/scale-set-change.ts';
import { extension, image, model } from './instances.ts';

const NOTHING: ScaleSetTarget = { image: null, size: null, extensions: {} };
const BEFORE = model('1.0.0', { extensions: { app: extension('1.0', { url: 'v1', key: 'pa$$word' }) } });
const changes = (target: Partial<ScaleSetTarget>, before = BEFORE) =>
  changesOfScaleSet('web', before, { ...NOTHING, ...target });

describe('the article’s table', () => {
  test.each<[ChangeKind, boolean, boolean, boolean]>([
    ['operating-system', true, true, true],
    ['trust-level', true, true, true],
    ['size', true, true, true],
    ['local-storage-grown', true, true, true],
    ['local-storage-shrunk', false, true, true],
    ['roles', true, true, true],
    ['instance-count', true, true, true],
    ['endpoints', true, false, true],
    ['setting-names', true, true, true],
    ['setting-values', true, true, true],
    ['certificate-added', true, true, true],
    ['certificate-changed', true, true, true],
    ['code', true, true, true],
    ['role-name', false, false, true],
    ['domain-count', false, true, true],
  ])('%s', (kind, inPlace, swap, redeploy) => {
    expect(ALLOWED_CHANGES[kind]).toMatchObject({ inPlace, swap, redeploy });
    expect([isAllowedBy(kind, 'in-place'), isAllowedBy(kind, 'swap')]).toEqual([inPlace, swap]);
  });

  test('is read from left to right', () => {
    expect(
      (['code', 'image', 'domain-count', 'role-name', 'extension-missing'] as const).map(classOf),
    ).toEqual(['in-place', 'in-place-with-reimage', 'swap', 'redeploy', 'refused']);
  });
});

describe('a scale set’s change', () => {
  test('of nothing has no lines', () => {
    expect(changes({})).toEqual([]);
    expect(changes({ image: image('1.0.0').toUpperCase(), size: 'standard_ds1_V2' })).toEqual([]);
    expect(
      changes({ extensions: { APP: { version: '1.0', settings: { key: 'pa$$word', url: 'v1' } } } }),
    ).toEqual([]);
  });

  test('of the image loses the OS disk and the temporary disk', () => {
    const [change] = changes({ image: image('2.0.0') });
    expect(change).toMatchObject({
      class: 'in-place-with-reimage',
      what: 'image 1.0.0 → 2.0.0',
      wayBack: { kind: 'possible' },
    });
    expect(change?.data).toMatch(/OS disk and temporary disk are lost.*data disks are kept/);
  });

  test('of the image has no way back to one without a version', () => {
    for (const before of ['canonical:ubuntu:24:latest', image('').slice(0, -'/versions/'.length)]) {
      const after = before.startsWith('/') ? image('2.0.0') : 'canonical:ubuntu:24:1.2.3';
      const [change] = changes({ image: after }, { ...BEFORE, image: before });
      expect([change?.class, change?.wayBack.kind]).toEqual(['in-place-with-reimage', 'none']);
    }
  });

  test.each([
    ['canonical:ubuntu:24:latest', 'refused'],
    ['canonical:debian:24:1.0.0', 'redeploy'],
    ['other:ubuntu:24:1.0.0', 'redeploy'],
    ['canonical:ubuntu:26:1.0.0', 'in-place-with-reimage'],
  ])('to the platform image %s is: %s', (after, expected) => {
    const before = { ...BEFORE, image: 'Canonical:ubuntu:24:1.0.0' };
    expect(changes({ image: after }, before).map((change) => change.class)).toEqual([expected]);
  });

  test('of the size loses local data, and may not find the size again', () => {
    const [change] = changes({ size: 'Standard_D2s_v5' });
    expect(change).toMatchObject({
      class: 'in-place',
      what: 'size Standard_DS1_v2 → Standard_D2s_v5',
      wayBack: { kind: 'doubtful' },
    });
    expect(change?.data).toContain('temporary disk is lost');
    expect(change?.wayBack.words).toContain('quota');
  });

  test('of an extension names what changes, and never shows a value', () => {
    const wanted = { version: '1.1', settings: { url: 'v2', key: 'n3w' } };
    const [change] = changes({ extensions: { app: wanted } });
    expect(change?.what).toBe('extension app: version 1.0 → 1.1; settings key, url');
    expect(JSON.stringify(change)).not.toMatch(/pa\$\$word|n3w/);
  });

  test('of an extension that is not there is refused', () => {
    const all = changes({ image: image('2.0.0'), extensions: { other: { version: '1.0', settings: null } } });
    expect(all.map((change) => change.class)).toContain('refused');
    expect(notAllowedBy('in-place', all).map(({ kind }) => kind)).toEqual(['extension-missing']);
  });

  test('leads to its target, which then has no changes left', () => {
    const target = {
      image: image('2.0.0'),
      size: 'Standard_D2s_v5',
      extensions: { APP: { version: '1.1', settings: { url: 'v2' } } },
    };
    expect(changes(target)).toHaveLength(3);
    expect(changes(target, targetModel(BEFORE, target))).toEqual([]);
  });
});

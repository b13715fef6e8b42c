// Where an update stands, whether it is locked, and whether it can be rolled back: the article's words on a look.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lockedOf } from '../../src/service/locked.ts';
import { type ProgressLook, progressOf } from '../../src/service/progress.ts';
import { keyOf, type RoleInstance } from '../../src/service/role-instance.ts';
import { quotaBlocker, rollbackAllowedOf } from '../../src/service/rollback-allowed.ts';
import type { InstanceVersion } from '../../src/service/versions.ts';
import { domain, roleInstance } from './instances.ts';

const LETTERS: Readonly<Record<string, InstanceVersion>> = {
  t: 'target',
  p: 'previous',
  o: 'other',
  '?': 'unknown',
};
type Model = 'previous' | 'target' | 'other';

/** One text a domain, one letter an instance; "T" and "P" are being changed. */
function look(domains: readonly string[], model: Model = 'target'): ProgressLook {
  const versions = new Map<string, InstanceVersion>();
  const all = domains.map((letters, number) => {
    const instances = [...letters].map((letter, at): RoleInstance => {
      const isChanging = letter !== letter.toLowerCase();
      const one = roleInstance('web', `${number}-${at}`, {
        provisioningState: isChanging ? 'Updating' : 'Succeeded',
      });
      versions.set(keyOf(one), LETTERS[letter.toLowerCase()] ?? 'unknown');
      return one;
    });
    return domain(number, ...instances);
  });
  return { domains: all, versions, models: new Map([['web', model]]) };
}

const states = (domains: readonly string[], model?: Model) =>
  progressOf(look(domains, model)).domains.map(({ state }) => state);
const kind = (domains: readonly string[], model?: Model) => progressOf(look(domains, model)).kind;
const refusals = (domains: readonly string[], model?: Model) =>
  rollbackAllowedOf(progressOf(look(domains, model)), true, []).refusals.map((refusal) => refusal.kind);

describe('where an update stands', () => {
  test.each<[string, readonly string[], Model, string]>([
    ['nothing was done', ['pp', 'pp'], 'previous', 'not-begun'],
    ['the model was applied, no instance was', ['pp', 'pp'], 'target', 'in-progress'],
    ['between two domains', ['tt', 'pp'], 'target', 'in-progress'],
    ['one instance is left', ['tt', 'tp'], 'target', 'in-progress'],
    ['all are updated', ['tt', 'tt'], 'target', 'done'],
    ['a new one came with the model before', ['tt', 'tt', 'p'], 'target', 'in-progress'],
    ['on the way back', ['tp', 'pp'], 'previous', 'in-progress'],
    ['somebody else’s version', ['tt', 'op'], 'target', 'mixed'],
    ['somebody else’s model', ['tt', 'pp'], 'other', 'mixed'],
    ['nobody tells', ['??', '??'], 'target', 'not-knowable'],
    ['no instances', [], 'previous', 'not-begun'],
    ['no instances, and a new model', [], 'target', 'done'],
  ])('%s', (_, domains, model, expected) => expect(kind(domains, model)).toBe(expected));

  test('domain by domain', () => {
    expect(states(['tt', 'tp', 'pp'])).toEqual(['updated', 'in-flight', 'untouched']);
    expect(states(['tt', 'PP', 'pp'])).toEqual(['updated', 'in-flight', 'untouched']);
    expect(states(['tT', '?p', 'pp'])).toEqual(['in-flight', 'in-flight', 'untouched']);
  });

  test('in words', () => {
    const { words, direction } = progressOf(look(['tt', 'tp', 'pp', 'pp']));
    expect([direction, words]).toEqual([
      'forward',
      'in progress: domain 0 updated, domain 1 in flight, domains 2 and 3 untouched',
    ]);
  });

  test('and where it goes', () => {
    expect(progressOf(look(['tt', 'pp'], 'previous')).direction).toBe('back');
    expect(progressOf(look(['tt', 'pp'], 'target')).direction).toBe('forward');
  });
});

describe('a rollback', () => {
  test.each<[string, readonly string[], Model, readonly string[]]>([
    ['is allowed while one instance is left', ['tt', 'tp'], 'target', []],
    ['is allowed when only the model was applied', ['pp'], 'target', []],
    ['goes on where it was killed', ['tt', 'pp'], 'previous', []],
    ['is not, once all are updated', ['tt', 'tt'], 'target', ['finished']],
    ['is not, where nothing was begun', ['pp'], 'previous', ['not-begun']],
    ['is not, over somebody else’s model', ['tp'], 'other', ['changed-by-others']],
    ['leaves an instance of others alone', ['tp', 'o'], 'target', []],
    ['is not, where all is unknown', ['??'], 'target', ['not-knowable']],
  ])('%s', (_, domains, model, expected) => expect(refusals(domains, model)).toEqual(expected));

  test('is not allowed without the model before, and the cases are told apart', () => {
    const blockers = [
      { kind: 'previous-version-gone', message: 'The image is gone.' } as const,
      quotaBlocker(10, { used: 95, limit: 100 }),
    ].filter((blocker) => blocker !== null);
    const { allowed, refusals } = rollbackAllowedOf(progressOf(look(['tp'])), false, blockers);
    expect(allowed).toBe(false);
    expect(refusals.map((refusal) => refusal.kind)).toEqual([
      'previous-unknown',
      'previous-version-gone',
      'quota',
    ]);
    expect(refusals[2]?.message).toBe('The version before needs 10 more cores; the quota has 5 of 100 left.');
  });

  test('needs quota only where it needs more cores', () => {
    expect(quotaBlocker(5, { used: 95, limit: 100 })).toBeNull();
    expect(quotaBlocker(0, { used: 120, limit: 100 })).toBeNull();
  });

  test('is allowed only while an instance runs something else than the target', () => {
    const anyDomains = fc.array(
      fc.string({ unit: fc.constantFrom('t', 'p', 'o', '?', 'T', 'P'), minLength: 1 }),
    );
    const anyModel = fc.constantFrom<Model>('previous', 'target', 'other');
    fc.assert(
      fc.property(anyDomains, anyModel, (domains, model) => {
        const progress = progressOf(look(domains, model));
        const { allowed, refusals } = rollbackAllowedOf(progress, true, []);
        expect(allowed).toBe(refusals.length === 0);
        expect(progress.words).not.toBe('');
        if (!allowed) return;
        expect(/[po?]/i.test(domains.join(''))).toBe(true);
        expect(model).not.toBe('other');
        expect(model === 'target' || /[t?]/i.test(domains.join(''))).toBe(true);
      }),
    );
  });
});

describe('a service is locked', () => {
  const REST = {
    resources: [{ name: 'contoso-web', provisioningState: 'Succeeded', platformUpgrade: null }],
    instances: [roleInstance('web', '0')],
    lease: null,
  };
  const upgrade = (code: string) => [
    { name: 'contoso-web', provisioningState: 'Failed', platformUpgrade: { code, startedAt: null } },
  ];

  test('by nothing, when all is at rest', () => {
    expect(lockedOf(REST)).toEqual({ locked: false, reasons: [] });
    expect(lockedOf({ ...REST, lease: { holder: 'run 7', isOurs: true } }).locked).toBe(false);
    expect(lockedOf({ ...REST, resources: upgrade('Completed') }).locked).toBe(false);
  });

  test('by an operation, by Azure’s own upgrade, by its instances, by another run', () => {
    const reasons = [
      lockedOf({ ...REST, resources: [{ name: 'w', provisioningState: 'Updating', platformUpgrade: null }] }),
      lockedOf({ ...REST, resources: upgrade('RollingForward') }),
      lockedOf({ ...REST, instances: [roleInstance('web', '3', { provisioningState: 'Updating' })] }),
      lockedOf({ ...REST, lease: { holder: 'run 7', isOurs: false } }),
    ].flatMap((locked) => locked.reasons);
    expect(reasons).toEqual([
      'an operation on w is under way (Updating)',
      'Azure itself upgrades contoso-web (RollingForward)',
      'instances are being changed: web/3',
      'another run has it: run 7',
    ]);
  });
});

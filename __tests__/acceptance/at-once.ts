// Tests that mostly wait: all of them are begun before the first, and each is told under its own name.
import { beforeAll, test } from '@jest/globals';

export type Case = readonly [name: string, run: () => Promise<void>];

type Outcome = { readonly kind: 'passed' } | { readonly kind: 'failed'; readonly error: unknown };

/** Jest's own concurrent tests are a handful at once, and their time counts while they wait for one another. */
export function testAtOnce(cases: readonly Case[]): void {
  const outcomes = new Map<string, Promise<Outcome>>();
  beforeAll(() => {
    for (const [name, run] of cases) {
      const passed = run().then((): Outcome => ({ kind: 'passed' }));
      outcomes.set(
        name,
        passed.catch((error: unknown): Outcome => ({ kind: 'failed', error })),
      );
    }
  });
  test.each(cases.map(([name]) => name))('%s', async (name) => {
    const outcome = await outcomes.get(name);
    if (outcome?.kind === 'failed') throw outcome.error;
  });
}

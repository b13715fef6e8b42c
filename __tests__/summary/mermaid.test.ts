// Mermaid's own grammar reads what we write. Its HTML sanitizer needs a browser and is not what is tested.
import { beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { renderDiagram } from '../../src/action/summary/diagram.ts';
import { renderSummary } from '../../src/action/summary/summary.ts';
import { anyEndpoints, anyService, anyString } from './arbitrary-report.ts';
import { SAMPLES, SWITCHED } from './sample-reports.ts';
import { GOOD_WALK, SERVICES } from './service-samples.ts';

jest.unstable_mockModule('dompurify', () => ({
  default: { addHook: () => undefined, sanitize: (html: string) => html },
}));

type Parse = (diagram: string) => Promise<unknown>;
let parse: Parse = () => Promise.reject(new Error('Mermaid is not loaded'));

beforeAll(async () => {
  const { default: mermaid } = await import('mermaid');
  parse = (diagram) => mermaid.parse(diagram);
});

function diagramIn(markdown: string): string {
  return /```mermaid\n([\s\S]*?)\n```/.exec(markdown)?.[1] ?? '';
}

test('what is not Mermaid is refused, so that the tests below can fail', async () => {
  await expect(parse('flowchart LR\n a["x"y"]')).rejects.toThrow();
});

test.each(Object.entries(SAMPLES))('%s', async (_, report) => {
  await expect(parse(diagramIn(renderDiagram(report)))).resolves.toMatchObject({ diagramType: /flowchart/ });
});

test('any names, versions and links', async () => {
  await fc.assert(
    fc.asyncProperty(anyEndpoints, anyString, async (after, publicName) => {
      const diagram = diagramIn(renderDiagram({ ...SWITCHED, after, publicName }));
      if (after.length === 0) return;
      await parse(diagram);
    }),
    { numRuns: 60 },
  );
});

function diagramsIn(markdown: string): string[] {
  return [...markdown.matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map(([, diagram = '']) => diagram);
}

test.each(Object.entries(SERVICES))('%s', async (_, report) => {
  const types = [];
  for (const diagram of diagramsIn(renderSummary(report))) types.push(await parse(diagram));
  const walks = report.service?.walk.length ?? 0;
  expect(types).toHaveLength(walks > 0 ? 2 : 0);
});

test('any service', async () => {
  await fc.assert(
    fc.asyncProperty(anyService, async (service) => {
      for (const diagram of diagramsIn(renderSummary({ ...GOOD_WALK, service }))) await parse(diagram);
    }),
    { numRuns: 60 },
  );
});

test('a diagram that GitHub would not draw is left out, and that is said', () => {
  const [endpoint] = SWITCHED.after;
  if (endpoint === undefined) throw new Error('the sample has endpoints');
  const after = Array.from({ length: 500 }, (_, index) => ({ ...endpoint, endpoint: `e${index}` }));
  const markdown = renderDiagram({ ...SWITCHED, after });
  expect(markdown).not.toContain('```');
  expect(markdown).toContain('too large for GitHub to draw');
});

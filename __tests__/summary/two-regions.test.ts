// Four endpoints of two slots in two regions, as the summary shows them.
import { describe, expect, test } from '@jest/globals';
import { renderDiagram } from '../../src/action/summary/diagram.ts';
import { renderEndpointTableText } from '../../src/action/summary/endpoint-text.ts';
import { renderEndpoints } from '../../src/action/summary/endpoints.ts';
import type { EndpointView } from '../../src/engine/report.ts';
import { blue, green, SWITCHED } from './sample-reports.ts';

const WEST = { region: 'West Europe', standby: true } as const;

const FOUR: readonly EndpointView[] = [
  blue({
    endpoint: 'contoso-1',
    site: 'contoso-1',
    databases: [
      on(
        'contoso-sql-1',
        'read-write',
        'primary of contoso-sql-dr, CATCH_UP; primary of contoso-sql-2, CATCH_UP',
      ),
    ],
  }),
  blue({
    ...WEST,
    endpoint: 'contoso-dr',
    site: 'contoso-dr',
    priority: 2,
    databases: [on('contoso-sql-dr', 'read-only', 'secondary of contoso-sql-1, CATCH_UP')],
  }),
  green({
    endpoint: 'contoso-2',
    site: 'contoso-2',
    priority: 3,
    databases: [
      on(
        'contoso-sql-2',
        'read-only',
        'secondary of contoso-sql-1, CATCH_UP; primary of contoso-sql-3, CATCH_UP',
      ),
    ],
  }),
  green({
    ...WEST,
    endpoint: 'contoso-3',
    site: 'contoso-3',
    priority: 4,
    databases: [on('contoso-sql-3', 'read-only', 'secondary of contoso-sql-2, CATCH_UP')],
  }),
];

function on(server: string, access: 'read-write' | 'read-only', replication: string) {
  return { name: 'contoso', server, access, replication };
}

const diagram = (after: readonly EndpointView[]) => renderDiagram({ ...SWITCHED, after });

describe('the diagram', () => {
  const lines = diagram(FOUR).split('\n');
  const idOf = (label: string) =>
    lines
      .find((line) => line.includes(label))
      ?.trim()
      .split(/[[({]/)[0] ?? '';

  test('draws each link of the chain once, from primary to secondary', () => {
    const links = lines.filter((line) => line.includes('geo-replication'));
    const [one, dr, two, three] = ['contoso-sql-1', 'contoso-sql-dr', 'contoso-sql-2', 'contoso-sql-3'].map(
      idOf,
    );
    const drawn = links.map((line) => /(\w+) -\.->.* (\w+)$/.exec(line)?.slice(1).join(' '));
    expect(drawn.sort()).toEqual([`${one} ${dr}`, `${one} ${two}`, `${two} ${three}`].sort());
  });

  test('leads users to the first endpoint only; the one that stands by is thin', () => {
    expect(lines.filter((line) => line.includes('profile ==>'))).toEqual([
      expect.stringContaining(idOf('endpoint contoso-1')),
    ]);
    expect(lines).toContainEqual(expect.stringMatching(`profile --> ${idOf('endpoint contoso-dr')}$`));
  });

  test('follows Traffic Manager to the standby where the first endpoint fails its probes', () => {
    const lost = FOUR.map((view) =>
      view.endpoint === 'contoso-1' ? { ...view, monitorStatus: 'Degraded' } : view,
    );
    const thick = diagram(lost)
      .split('\n')
      .filter((line) => line.includes('profile ==>'));
    expect(thick).toEqual([expect.stringContaining(idOf('endpoint contoso-dr'))]);
  });

  test('a standby that can only be read is not marked as production that cannot be written', () => {
    const node = lines.find((line) => line.includes('contoso-sql-dr') && line.includes('[('));
    expect(node).toMatch(/:::plain$/);
  });
});

test('tables tell who stands by, and where', () => {
  const markdown = renderEndpoints({ ...SWITCHED, before: [], after: FOUR });
  expect(markdown.split('\n').find((line) => line.includes('contoso-dr'))).toMatch(
    /production, standby.*West Europe/,
  );
  const text = renderEndpointTableText(FOUR).split('\n');
  expect(text.find((line) => line.startsWith('contoso-3'))).toMatch(/green +stage standby +West Europe/);
});

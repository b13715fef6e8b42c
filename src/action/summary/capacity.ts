// Instances in service while the update went on: what users had, and the least they had.
import type { CapacityView } from '../../engine/service-report.ts';
import { stepChart } from './chart.ts';
import type { DrawnReport } from './drawn-report.ts';
import { duration, timeOfDay } from './format.ts';
import { type Column, code, details, paragraphs, table, text } from './markdown.ts';
import { type CapacityPoint, sampled, spanOf } from './step-function.ts';

const CHART_CELLS = 60;
const BAR_CELLS = 24;

const ROLE_COLUMNS: readonly Column[] = [
  { title: 'Role' },
  { title: 'Least in service', align: 'right' },
  { title: 'First seen' },
  { title: 'Counted are' },
];

const BY: Readonly<Record<CapacityView['roles'][number]['by'], string>> = {
  health: 'healthy instances',
  power: 'running machines (`power`): nothing tells their health',
};

export function renderCapacity({ service }: DrawnReport): string {
  if (!service?.capacity) return '';
  const { capacity } = service;
  return paragraphs([
    '### Instances in service',
    inShort(capacity, Math.max(0, ...service.walk.map(({ instances }) => instances))),
    roleTable(capacity),
    chart(capacity),
    changeTable(capacity.series),
  ]);
}

/** @param restarted at a time, at most: what is down between two looks they do not see */
function inShort({ lowest, series, roles }: CapacityView, restarted: number): string {
  const span = spanOf(series);
  const watched = span === null ? 'When this run looked' : `In the ${duration(span)} that this run watched`;
  const { inService, instances, at } = lowest;
  const least =
    inService === instances
      ? `it saw all ${instances} instances in service.`
      : `it never saw fewer than **${inService} of ${instances}**${percent(lowest)} in service; first seen at ${text(timeOfDay(at))}.`;
  const [only] = roles;
  const counted = roles.length === 1 && only ? ` Counted are ${BY[only.by]}.` : '';
  const isUnseen = inService > instances - restarted;
  const unseen = isUnseen
    ? ` Up to ${restarted} at a time were restarted, partly between two of its looks.`
    : '';
  return `${watched}, ${least}${counted}${unseen}`;
}

function percent({ inService, instances }: CapacityPoint): string {
  if (!(instances > 0)) return '';
  return ` (${Math.floor((inService / instances) * 100)} %)`;
}

function roleTable({ roles }: CapacityView): string {
  if (roles.length < 2) return '';
  return table(
    ROLE_COLUMNS,
    roles.map(({ role, by, lowest }) => [
      code(role),
      `${lowest.inService} of ${lowest.instances}`,
      text(timeOfDay(lowest.at)),
      BY[by],
    ]),
  );
}

function chart({ lowest, series }: CapacityView): string {
  const span = spanOf(series);
  if (span === null || lowest.inService === lowest.instances) return '';
  const most = Math.max(...series.map(({ instances }) => instances));
  return stepChart(sampled(series, CHART_CELLS), { seconds: span, most });
}

/** The chart in words, for whoever does not see it. */
function changeTable(series: readonly CapacityPoint[]): string {
  const changes = series.filter((point, index) => point.inService !== series[index - 1]?.inService);
  if (changes.length < 2) return '';
  const columns: Column[] = [{ title: 'From' }, { title: 'In service', align: 'right' }, { title: '' }];
  const rows = changes.map((point) => [
    text(timeOfDay(point.at)),
    `${point.inService} of ${point.instances}`,
    bar(point),
  ]);
  return details('Every change that was seen', table(columns, rows));
}

function bar({ inService, instances }: CapacityPoint): string {
  if (!(instances > 0 && inService >= 0)) return '';
  const full = Math.min(BAR_CELLS, Math.floor((inService / instances) * BAR_CELLS));
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
}

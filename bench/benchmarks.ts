// Everything that is measured, in the order of docs/performance.md.
import type { Benchmark } from './benchmark.ts';
import { growth } from './growth/growth.ts';
import { requests } from './requests/requests.ts';
import { start } from './start/start.ts';
import { waiting } from './waiting/waiting.ts';
import { walkOverhead } from './walk/walk-overhead.ts';
import { readOnlyWindow } from './window/window.ts';

export const BENCHMARKS: readonly Benchmark[] = [
  readOnlyWindow,
  growth,
  requests,
  start,
  waiting,
  walkOverhead,
];

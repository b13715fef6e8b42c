// Everything that is measured, in the order of docs/performance.md.
import type { Benchmark } from './benchmark.ts';
import { start } from './start/start.ts';
import { walkOverhead } from './walk/walk-overhead.ts';

export const BENCHMARKS: readonly Benchmark[] = [start, walkOverhead];

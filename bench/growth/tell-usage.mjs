// Loaded into the measured process: at its end it says what it took, in a file of its own.
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { peakMegabytes: peakMegabytes(), cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
  writeFileSync(`${process.env.BENCH_USAGE_DIRECTORY}/usage-${process.pid}.json`, JSON.stringify(usage));
});

/**
 * Of this program alone. Linux counts into maxRSS what the process was before it became this program: a copy of the one that
 * started it, which here is the benchmark with its embedded Azure.
 */
function peakMegabytes() {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return Number(kilobytes) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024; // no such file on other systems
  }
}

// Loaded into the measured process: at its end it says what it took, in a file of its own.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { peakMegabytes: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
  writeFileSync(`${process.env.BENCH_USAGE_DIRECTORY}/usage-${process.pid}.json`, JSON.stringify(usage));
});

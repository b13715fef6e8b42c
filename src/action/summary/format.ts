// Durations and moments as people read them.

/** Seconds as "0.4 s", "12.3 s", "3 min 20 s" or "1 h 02 min"; a dash where there are none. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 0.05) return '0 s';
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** An ISO moment as "2026-03-01 10:00:03 UTC"; anything else as it is. */
export function moment(iso: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time) || !/^\d{4}-/.test(iso)) return iso;
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** An ISO moment as "10:00:03", of the same clock; anything else as it is. */
export function timeOfDay(iso: string): string {
  return moment(iso).replace(/^\d{4}-\d\d-\d\d (\S+) UTC$/, '$1');
}

/** Seconds between two ISO moments; null where one of them is none. */
export function secondsBetween(from: string, to: string): number | null {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return Number.isFinite(seconds) ? seconds : null;
}

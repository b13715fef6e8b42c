// Numbers as a person reads them in a log. The same everywhere; no locale, so that logs compare.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds as "0.4 s", "12 s", "2 min 5 s", "1 h 20 min", "2 d 3 h": two units at most, rounded. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown';
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 9_950) return `${trimZero((ms / SECOND).toFixed(1))} s`;
  const seconds = Math.round(ms / SECOND) * SECOND;
  if (seconds < MINUTE) return `${seconds / SECOND} s`;
  if (seconds < HOUR) return pair(seconds, MINUTE, 'min', SECOND, 's');
  const minutes = Math.round(ms / MINUTE) * MINUTE;
  if (minutes < DAY) return pair(minutes, HOUR, 'h', MINUTE, 'min');
  return pair(Math.round(ms / HOUR) * HOUR, DAY, 'd', HOUR, 'h');
}

/** Bytes as "512 B", "1.5 KiB", "250 GiB": three digits at most, powers of 1024 as Azure counts sizes. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'unknown';
  if (bytes < 0) return `-${formatBytes(-bytes)}`;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  // 1023.5 would be shown as 1024.
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${shortNumber(value)} ${units[unit]}`;
}

/** An amount a minute: "3.2 %/min", "1.5 GiB/min". `perMs` is the amount a millisecond. */
export function formatRate(perMs: number, unit: 'percent' | 'bytes'): string {
  const perMinute = perMs * MINUTE;
  return unit === 'bytes' ? `${formatBytes(perMinute)}/min` : `${shortNumber(perMinute)} %/min`;
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.round((ms % large) / small);
  const whole = `${Math.floor(ms / large)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}

function shortNumber(value: number): string {
  return Math.abs(value) < 99.95 ? trimZero(value.toFixed(1)) : value.toFixed(0);
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}

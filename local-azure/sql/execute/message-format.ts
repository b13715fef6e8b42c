// RAISERROR's printf: %d %i %u %s %x %X %o with flags, width and precision.

const PLACEHOLDER = /%([-+0# ]*)(\*|\d+)?(?:\.(\*|\d+))?(?:h|l|I64)?([diuosxX%])/g;

/** Missing or NULL values read (null), as SQL Server writes them. */
export function formatMessage(format: string, values: readonly (bigint | string | null)[]): string {
  const queue = [...values];
  const text = format.replace(
    PLACEHOLDER,
    (_, flags: string, width: string | undefined, precision: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const wide = width === '*' ? Number(queue.shift() ?? 0) : Number(width ?? 0);
      const precise =
        precision === '*' ? Number(queue.shift() ?? 0) : precision === undefined ? null : Number(precision);
      const value = queue.shift() ?? null;
      return padded(formatted(value, kind, flags, precise), wide, flags);
    },
  );
  return text.slice(0, 2047);
}

function formatted(
  value: bigint | string | null,
  kind: string,
  flags: string,
  precision: number | null,
): string {
  if (value === null) return '(null)';
  if (kind === 's') return precision === null ? String(value) : String(value).slice(0, precision);
  const number = typeof value === 'bigint' ? value : 0n;
  const unsigned = number < 0n ? BigInt.asUintN(32, number) : number;
  if (kind === 'x') return (flags.includes('#') ? '0x' : '') + unsigned.toString(16);
  if (kind === 'X') return (flags.includes('#') ? '0X' : '') + unsigned.toString(16).toUpperCase();
  if (kind === 'o') return unsigned.toString(8);
  if (kind === 'u') return unsigned.toString();
  return (flags.includes('+') && number >= 0n ? '+' : '') + number.toString();
}

function padded(text: string, width: number, flags: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  return text.padStart(width, flags.includes('0') ? '0' : ' ');
}

// Bytes of a script file to text. SQL Server Management Studio saves UTF-16 or UTF-8 with a byte order
// mark, other editors UTF-8 without. Anything else is refused: a wrong guess would write wrong data.

/** Why a file's bytes are no text, and what to do about it. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
  /** Offset of the offending byte, from 0. */
  readonly offset: number;
  readonly advice: string;

  constructor(message: string, offset: number, advice: string) {
    super(message);
    this.offset = offset;
    this.advice = advice;
  }
}

const SAVE_AS = 'Save the file as UTF-8, or as UTF-16 with a byte order mark, and run again.';

/**
 * Decodes UTF-8 with or without byte order mark and UTF-16 (LE, BE) with one; the mark is not part of the text.
 * Throws UndecodableError for invalid sequences, for UTF-32 and for binary (a NUL character).
 */
export function decode(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsWith(buffer, 0xff, 0xfe, 0, 0) || startsWith(buffer, 0, 0, 0xfe, 0xff)) {
    throw new UndecodableError('the file is UTF-32, which is not supported', 0, SAVE_AS);
  }
  if (startsWith(buffer, 0xff, 0xfe)) return decodeUtf16(buffer.subarray(2), 'UTF-16LE');
  if (startsWith(buffer, 0xfe, 0xff)) return decodeUtf16(buffer.subarray(2), 'UTF-16BE');
  if (startsWith(buffer, 0xef, 0xbb, 0xbf)) return decodeUtf8(buffer.subarray(3), 3);
  return decodeUtf8(buffer, 0);
}

function startsWith(buffer: Buffer, ...start: number[]): boolean {
  return buffer.length >= start.length && start.every((byte, index) => buffer[index] === byte);
}

function decodeUtf8(buffer: Buffer, skipped: number): string {
  const nul = buffer.indexOf(0);
  if (nul !== -1) throw nulFound(buffer, nul + skipped);
  const text = buffer.toString('utf8');
  const invalid = firstInvalid(buffer, text);
  if (invalid === null) return text;
  const byte = (buffer[invalid] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  const line = buffer.subarray(0, invalid).filter((value) => value === 0x0a).length + 1;
  throw new UndecodableError(
    `invalid UTF-8: byte 0x${byte} at offset ${invalid + skipped}, line ${line} (a Windows code page?)`,
    invalid + skipped,
    SAVE_AS,
  );
}

/** The decoder puts U+FFFD for what it cannot read; one that stands in the file itself is fine. */
function firstInvalid(buffer: Buffer, text: string): number | null {
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (!startsWith(buffer.subarray(offset), 0xef, 0xbf, 0xbd)) return offset;
    offset += 3;
    from = at + 1;
  }
  return null;
}

function decodeUtf16(buffer: Buffer, encoding: 'UTF-16LE' | 'UTF-16BE'): string {
  if (buffer.length % 2 !== 0) {
    throw new UndecodableError(
      `invalid ${encoding}: the file ends in half a character`,
      buffer.length + 1,
      SAVE_AS,
    );
  }
  const text = (encoding === 'UTF-16LE' ? buffer : Buffer.from(buffer).swap16()).toString('utf16le');
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    throw new UndecodableError(
      `a NUL character at offset ${2 + nul * 2}: a binary file?`,
      2 + nul * 2,
      SAVE_AS,
    );
  }
  const lone = text.search(/\p{Surrogate}/u);
  if (lone === -1) return text;
  const offset = 2 + lone * 2;
  throw new UndecodableError(
    `invalid ${encoding}: half a surrogate pair at offset ${offset}`,
    offset,
    SAVE_AS,
  );
}

function nulFound(buffer: Buffer, offset: number): UndecodableError {
  const everyOther = [0, 1].some(
    (start) => buffer.length > 3 && buffer[start] === 0 && buffer[start + 2] === 0,
  );
  const guess = everyOther ? 'UTF-16 without a byte order mark?' : 'a binary file?';
  return new UndecodableError(`a NUL character at offset ${offset}: ${guess}`, offset, SAVE_AS);
}

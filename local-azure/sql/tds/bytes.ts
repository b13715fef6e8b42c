// Reading and writing of the little-endian primitives of MS-TDS 2.2.5.
import { ProtocolError } from './packet.ts';

/** Reads a complete message; reading past its end throws ProtocolError. */
export class ByteReader {
  readonly #bytes: Buffer;
  #offset: number;

  constructor(bytes: Buffer, offset = 0) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  bytes(length: number): Buffer {
    if (length > this.remaining) throw new ProtocolError('The stream ended unexpectedly.');
    const slice = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return slice;
  }

  peek(): number | null {
    return this.remaining > 0 ? this.#bytes.readUInt8(this.#offset) : null;
  }

  uint8 = (): number => this.bytes(1).readUInt8();
  int16 = (): number => this.bytes(2).readInt16LE();
  uint16 = (): number => this.bytes(2).readUInt16LE();
  int32 = (): number => this.bytes(4).readInt32LE();
  uint32 = (): number => this.bytes(4).readUInt32LE();
  int64 = (): bigint => this.bytes(8).readBigInt64LE();
  uint64 = (): bigint => this.bytes(8).readBigUInt64LE();

  /** UTF-16 text of `characters` code units. */
  text(characters: number): string {
    return this.bytes(characters * 2).toString('utf16le');
  }

  /** B_VARCHAR: the length in one byte. */
  shortText(): string {
    return this.text(this.uint8());
  }
}

/** Collects bytes; every method returns the writer. */
export class ByteWriter {
  readonly #parts: Buffer[] = [];

  raw(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return this;
  }

  uint8(value: number): this {
    return this.raw(Buffer.of(value));
  }

  uint16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return this.raw(bytes);
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return this.raw(bytes);
  }

  uint32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.raw(bytes);
  }

  int64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return this.raw(bytes);
  }

  uint64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return this.raw(bytes);
  }

  double(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return this.raw(bytes);
  }

  /** B_VARCHAR: at most 255 code units. */
  shortText(text: string): this {
    const cut = text.slice(0, 0xff);
    return this.uint8(cut.length).raw(Buffer.from(cut, 'utf16le'));
  }

  /** US_VARCHAR: at most 65 535 code units. */
  longText(text: string): this {
    const cut = text.slice(0, 0xffff);
    return this.uint16(cut.length).raw(Buffer.from(cut, 'utf16le'));
  }

  /** B_VARBYTE. */
  shortBytes(bytes: Uint8Array): this {
    return this.uint8(bytes.length).raw(bytes);
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

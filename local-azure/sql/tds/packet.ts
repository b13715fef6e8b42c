// Packets and messages (MS-TDS 2.2.3): a message is one or more packets of one type, the last one marked.

export const PACKET_TYPE = {
  batch: 0x01,
  rpc: 0x03,
  response: 0x04,
  attention: 0x06,
  fedAuthToken: 0x08,
  transactionManager: 0x0e,
  login7: 0x10,
  prelogin: 0x12,
} as const;

export const HEADER_BYTES = 8;
/** Before LOGIN7 has agreed on another (MS-TDS 2.2.3.1.4). */
export const DEFAULT_PACKET_BYTES = 4096;
const SMALLEST_PACKET_BYTES = 512;
const LARGEST_PACKET_BYTES = 32_767;
/** A client that never ends its message must not take this process's memory. */
const LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024;

const STATUS = {
  endOfMessage: 0x01,
  ignore: 0x02,
  resetConnection: 0x08,
  resetKeepTransaction: 0x10,
} as const;

export interface Message {
  readonly type: number;
  readonly payload: Buffer;
  /** The client gave the message up while sending it. It is not carried out, but it is answered. */
  readonly ignored: boolean;
  /** The client takes the connection out of a pool: the session starts afresh before this message. */
  readonly resetsConnection: boolean;
}

export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** The packet size to use where a client asks for `requested` bytes; 0 leaves it to the server. */
export function negotiatePacketBytes(requested: number): number {
  if (requested === 0) return DEFAULT_PACKET_BYTES;
  return Math.min(LARGEST_PACKET_BYTES, Math.max(SMALLEST_PACKET_BYTES, requested));
}

/** Takes bytes in whatever pieces the network delivers them and returns the messages they complete. */
export class MessageAssembler {
  #pending: Buffer = Buffer.alloc(0);
  #payloads: Buffer[] = [];
  #messageBytes = 0;
  #resets = false;

  /** Throws ProtocolError where the bytes cannot be TDS. */
  push(chunk: Buffer): Message[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const messages: Message[] = [];
    for (let packet = this.#nextPacket(); packet; packet = this.#nextPacket()) {
      const message = this.#take(packet);
      if (message) messages.push(message);
    }
    return messages;
  }

  /** Bytes that belong to no complete packet yet; the assembler forgets them. */
  takeRest(): Buffer {
    const rest = this.#pending;
    this.#pending = Buffer.alloc(0);
    return rest;
  }

  #nextPacket(): Buffer | null {
    if (this.#pending.length < HEADER_BYTES) return null;
    const length = this.#pending.readUInt16BE(2);
    if (length < HEADER_BYTES)
      throw new ProtocolError(`A packet of ${length} bytes is shorter than its header.`);
    if (this.#pending.length < length) return null;
    const packet = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return packet;
  }

  #take(packet: Buffer): Message | null {
    const status = packet.readUInt8(1);
    this.#payloads.push(packet.subarray(HEADER_BYTES));
    this.#messageBytes += packet.length;
    if (this.#messageBytes > LARGEST_MESSAGE_BYTES) throw new ProtocolError('The message is too long.');
    this.#resets ||= (status & (STATUS.resetConnection | STATUS.resetKeepTransaction)) !== 0;
    if ((status & STATUS.endOfMessage) === 0) return null;
    const message: Message = {
      type: packet.readUInt8(0),
      payload: Buffer.concat(this.#payloads),
      ignored: (status & STATUS.ignore) !== 0,
      resetsConnection: this.#resets,
    };
    this.#payloads = [];
    this.#messageBytes = 0;
    this.#resets = false;
    return message;
  }
}

/** One packet, header included. */
export function packet(type: number, payload: Buffer, spid: number, id: number, last: boolean): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(type, 0);
  header.writeUInt8(last ? STATUS.endOfMessage : 0, 1);
  header.writeUInt16BE(HEADER_BYTES + payload.length, 2);
  header.writeUInt16BE(spid & 0xffff, 4);
  header.writeUInt8(id & 0xff, 6);
  return Buffer.concat([header, payload]);
}

/** A whole message, cut into packets. */
export function packets(type: number, payload: Buffer, packetBytes: number): Buffer {
  const room = packetBytes - HEADER_BYTES;
  const count = Math.max(1, Math.ceil(payload.length / room));
  return Buffer.concat(
    Array.from({ length: count }, (_, index) =>
      packet(type, payload.subarray(index * room, (index + 1) * room), 0, index + 1, index === count - 1),
    ),
  );
}

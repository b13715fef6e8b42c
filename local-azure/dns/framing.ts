// DNS over TCP (RFC 1035, 4.2.2): each message behind its length in two bytes.

/** Takes bytes in whatever pieces they arrive and returns the queries they complete. */
export class QueryAssembler {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const queries: Buffer[] = [];
    while (this.#pending.length >= 2) {
      const end = 2 + this.#pending.readUInt16BE(0);
      if (this.#pending.length < end) break;
      queries.push(this.#pending.subarray(2, end));
      this.#pending = this.#pending.subarray(end);
    }
    return queries;
  }
}

export function frame(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

// One message to the client, sent as it grows.
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { HEADER_BYTES, PACKET_TYPE, packet } from './packet.ts';

export interface Response {
  /** Resolves when the client may be sent more. Bytes for a client that has gone are dropped. */
  write(tokens: Buffer): Promise<void>;
  /** Sends what has been written so far, without waiting for a packet to fill. */
  flush(): Promise<void>;
  end(): Promise<void>;
}

/** What is written here nobody reads: for work whose answer shall get lost. */
export const nowhere: Response = {
  write: async () => undefined,
  flush: async () => undefined,
  end: async () => undefined,
};

export function openResponse(stream: Duplex, packetBytes: number, spid: number): Response {
  const room = packetBytes - HEADER_BYTES;
  let buffered: Buffer[] = [];
  let bufferedBytes = 0;
  let id = 0;

  async function send(payload: Buffer, last: boolean): Promise<void> {
    id++;
    if (stream.destroyed || !stream.writable) return;
    if (!stream.write(packet(PACKET_TYPE.response, payload, spid, id, last))) await drained(stream);
  }

  function take(): Buffer {
    const bytes = Buffer.concat(buffered);
    buffered = [];
    bufferedBytes = 0;
    return bytes;
  }

  async function sendFullPackets(): Promise<void> {
    // The last packet is kept back: only the end of the message tells whether it is the last.
    if (bufferedBytes <= room) return;
    const bytes = take();
    let at = 0;
    for (; bytes.length - at > room; at += room) await send(bytes.subarray(at, at + room), false);
    buffered = [bytes.subarray(at)];
    bufferedBytes = bytes.length - at;
  }

  return {
    write: (tokens) => {
      buffered.push(tokens);
      bufferedBytes += tokens.length;
      return sendFullPackets();
    },
    flush: async () => {
      if (bufferedBytes > 0) await send(take(), false);
    },
    end: () => send(take(), true),
  };
}

async function drained(stream: Duplex): Promise<void> {
  const gone = new AbortController();
  const onClose = () => gone.abort();
  stream.once('close', onClose);
  await once(stream, 'drain', { signal: gone.signal }).catch(() => undefined);
  stream.off('close', onClose);
}

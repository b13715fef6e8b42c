// The messages of one client, in order. An attention is also told at once, since what it is to end is what
// keeps the messages before it from being finished.
import type { Duplex } from 'node:stream';
import { type Message, MessageAssembler, PACKET_TYPE } from './packet.ts';

export interface Inbox {
  /** The next message; null once the client has gone. Rejects with ProtocolError. */
  next(): Promise<Message | null>;
  onAttention(listener: () => void): void;
  /** Aborted when the connection is closed, by either side. */
  readonly closed: AbortSignal;
}

export function openInbox(stream: Duplex): Inbox {
  const assembler = new MessageAssembler();
  const waiting: Message[] = [];
  const closing = new AbortController();
  let failure: Error | null = null;
  let attention: () => void = () => undefined;
  let wake: () => void = () => undefined;

  stream.on('data', (chunk: Buffer) => {
    if (failure) return;
    try {
      for (const message of assembler.push(chunk)) {
        waiting.push(message);
        if (message.type === PACKET_TYPE.attention) attention();
      }
    } catch (error) {
      failure = error as Error;
    }
    wake();
  });
  const onClosed = () => {
    closing.abort();
    wake();
  };
  stream.on('end', onClosed);
  stream.on('close', onClosed);

  return {
    closed: closing.signal,
    onAttention: (listener) => {
      attention = listener;
    },
    next: async () => {
      for (;;) {
        const message = waiting.shift();
        if (message) return message;
        if (failure) throw failure;
        if (closing.signal.aborted) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

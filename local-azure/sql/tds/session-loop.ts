// A logged-in connection: one message after the other, each with exactly one answer.
import type { SqlSession } from '../session.ts';
import type { Line } from './line.ts';
import type { LoggedIn } from './login.ts';
import type { TdsOptions } from './options.ts';
import { type Message, PACKET_TYPE } from './packet.ts';
import { createPreparedStatements } from './prepared.ts';
import { type Connection, carryOut, isAlterDatabase } from './request.ts';
import { openResponse, type Response } from './response.ts';
import { DONE_STATUS, done, environment } from './tokens.ts';

/** Azure's gateway ends connections on which nobody has said anything for 30 minutes. */
const IDLE_MS = 30 * 60_000;

/** Returns when the client has gone or the session has ended. Throws ConnectionDropped, ProtocolError. */
export async function serveSession(line: Line, loggedIn: LoggedIn, options: TdsOptions): Promise<void> {
  const { closed } = line.inbox;
  let connection = openConnection(loggedIn.session);
  let running: AbortController | null = null;
  let outlivesClient = false;
  let isOver = false;

  line.inbox.onAttention(() => running?.abort(new Error('The client cancelled.')));
  closed.addEventListener('abort', () => {
    if (!outlivesClient) running?.abort(new Error('The client went away.'));
  });

  try {
    for (let message = await next(); message; message = await next()) {
      if (message.resetsConnection) await startAfresh();
      await respond(message);
      if (isOver) return;
    }
  } finally {
    connection.session.close();
  }

  async function next(): Promise<Message | null> {
    const callOff = options.clock.schedule(IDLE_MS, () => line.socket.destroy());
    try {
      return await line.inbox.next();
    } finally {
      callOff();
    }
  }

  function openConnection(session: SqlSession): Connection {
    session.onKilled(() => {
      if (session !== connection.session) return;
      isOver = true;
      // An idle session that the server ends is cut off without a word, as SQL Server does.
      if (!running) line.socket.destroy();
    });
    return {
      session,
      options,
      closed,
      hangUp: () => line.socket.destroy(),
      prepared: createPreparedStatements(),
      transaction: { open: false },
      saved: new Set(),
    };
  }

  async function startAfresh(): Promise<void> {
    connection.session.close();
    connection = openConnection(await loggedIn.again());
  }

  async function respond(message: Message): Promise<void> {
    const response = openResponse(line.stream, loggedIn.packetBytes, connection.session.spid);
    if (message.resetsConnection) await response.write(environment.sessionReset());
    if (message.type === PACKET_TYPE.attention) return acknowledge(response, DONE_STATUS.attention);
    if (message.ignored) return acknowledge(response, DONE_STATUS.error);
    running = new AbortController();
    outlivesClient = isAlterDatabase(message);
    try {
      const isFatal = await carryOut(message, { connection, response, signal: running.signal });
      isOver ||= isFatal;
    } finally {
      running = null;
    }
  }
}

async function acknowledge(response: Response, status: number): Promise<void> {
  await response.write(done('done', status, null, 0));
  await response.end();
}

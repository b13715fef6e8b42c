// Why a session stops in the middle of something.
import type { ServerMessage } from '../session.ts';

/** The client sent an attention. */
export class Attention extends Error {
  override readonly name = 'Attention';

  constructor() {
    super('The request was cancelled by the client.');
  }
}

/** The server ended the session. */
export class SessionKilled extends Error {
  override readonly name = 'SessionKilled';
  readonly sqlMessage: ServerMessage;

  constructor(sqlMessage: ServerMessage) {
    super(sqlMessage.text);
    this.sqlMessage = sqlMessage;
  }
}

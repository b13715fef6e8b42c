// From LOGIN7 to a session, or to the refusal that Azure SQL would give.
import {
  type Login,
  LoginRefused,
  type ServerMessage,
  type SessionHost,
  type SqlSession,
} from '../session.ts';
import { withFault } from './faulty.ts';
import type { Line } from './line.ts';
import { type Login7, type LoginProof, parseFedAuthToken, parseLogin7 } from './login7.ts';
import type { TdsOptions } from './options.ts';
import { DEFAULT_PACKET_BYTES, negotiatePacketBytes, PACKET_TYPE, ProtocolError } from './packet.ts';
import { openResponse, type Response } from './response.ts';
import { DONE_STATUS, done, environment, featureExtAck, fedAuthInfo, loginAck, message } from './tokens.ts';

export interface LoggedIn {
  readonly session: SqlSession;
  readonly packetBytes: number;
  /** The same login once more, for a connection taken out of a pool. Throws LoginRefused. */
  again(): Promise<SqlSession>;
}

/** 8.0, 7.4, 7.3B, 7.3A, 7.2 as LOGIN7 and LOGINACK name them. */
const TDS_VERSIONS: readonly number[] = [0x0800_0000, 0x7400_0004, 0x730b_0003, 0x730a_0003, 0x7209_0002];
const TDS_7_4 = 0x7400_0004;
const OLDEST_MAJOR = 0x72;

/** Null where the client was refused or went away: the connection is of no more use. Throws ConnectionDropped. */
export async function logIn(
  line: Line,
  clientAddress: string,
  options: TdsOptions,
): Promise<LoggedIn | null> {
  const first = await line.inbox.next();
  if (!first) return null;
  if (first.type !== PACKET_TYPE.login7) throw new ProtocolError('LOGIN7 was expected.');
  const login7 = parseLogin7(first.payload);
  if (!isSpoken(login7.tdsVersion)) throw new ProtocolError('TDS 7.2 is the oldest version spoken here.');
  const proof = await provedBy(login7.proof, line, options);
  if (!proof) return null;
  return enter(line, login7, proof, clientAddress, options);
}

function isSpoken(version: number): boolean {
  return TDS_VERSIONS.includes(version) || version >>> 24 >= OLDEST_MAJOR;
}

/** In the ADAL workflow the token comes in answer to FEDAUTHINFO. */
async function provedBy(proof: LoginProof, line: Line, options: TdsOptions): Promise<LoginProof | null> {
  if (proof.kind !== 'token-follows') return proof;
  const response = openResponse(line.stream, DEFAULT_PACKET_BYTES, 0);
  await response.write(fedAuthInfo(options.fedAuth));
  await response.end();
  const answer = await line.inbox.next();
  if (!answer) return null;
  if (answer.type !== PACKET_TYPE.fedAuthToken) throw new ProtocolError('A federated token was expected.');
  return parseFedAuthToken(answer.payload);
}

async function enter(
  line: Line,
  login7: Login7,
  proof: LoginProof,
  address: string,
  options: TdsOptions,
): Promise<LoggedIn | null> {
  const { host, clock, faults, latency } = options;
  const { programName, hostName, readOnlyIntent, database } = login7;
  let opened: LoggedIn | null = null as LoggedIn | null;
  const packetBytes = negotiatePacketBytes(login7.packetBytes);

  const refuse = async (error: ServerMessage) => {
    const response = openResponse(line.stream, DEFAULT_PACKET_BYTES, 0);
    await response.write(message(error, host.serverName));
    await response.write(done('done', DONE_STATUS.error, null, 0));
    await response.end();
  };
  const work = async (heard: boolean) => {
    await clock.sleep(latency.of('sql-login'));
    try {
      const login = credentials(proof, host, options);
      const again = () => host.login(login, database, { address, programName, hostName, readOnlyIntent });
      opened = { session: await again(), packetBytes, again };
    } catch (error) {
      if (heard) await refuse(refusal(error));
      return;
    }
    if (!heard) return;
    const { session } = opened;
    const response = openResponse(line.stream, DEFAULT_PACKET_BYTES, session.spid);
    await welcome(response, login7, proof, session.database, host.serverName);
  };

  const name = `sql login ${host.serverName}/${database ?? 'master'}`;
  try {
    await withFault(
      name,
      { work, refuse },
      {
        faults,
        clock,
        closed: line.inbox.closed,
        hangUp: () => line.socket.destroy(),
      },
    );
  } catch (error) {
    opened?.session.close();
    throw error;
  }
  return opened;
}

/** Throws LoginRefused. */
function credentials(proof: LoginProof, host: SessionHost, options: TdsOptions): Login {
  switch (proof.kind) {
    case 'password':
      return { kind: 'password', user: withoutServer(proof.user, host.serverName), password: proof.password };
    case 'token':
      return checkedToken(proof.token, options);
    case 'integrated':
    case 'token-follows':
      throw refused(
        'Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.',
        18452,
      );
  }
}

function checkedToken(token: string, options: TdsOptions): Login {
  try {
    return options.verifySqlToken(token);
  } catch (error) {
    const expired = error instanceof Error && 'reason' in error && error.reason === 'expired';
    const why = expired ? ' Token is expired.' : '';
    throw refused(`Login failed for user '<token-identified principal>'.${why}`, 18456);
  }
}

/** `user@server` is how older clients name the server to Azure's gateway. */
function withoutServer(user: string, server: string): string {
  const suffix = `@${server.toLowerCase()}`;
  return user.toLowerCase().endsWith(suffix) ? user.slice(0, -suffix.length) : user;
}

function refused(text: string, number: number): LoginRefused {
  return new LoginRefused({ number, severity: 14, state: 1, line: 1, procedure: '', text });
}

/** Anything but a refusal is a fault of this server: told as such, not swallowed. */
function refusal(error: unknown): ServerMessage {
  if (error instanceof LoginRefused) return error.sqlMessage;
  const text = `Unable to process the login. ${error instanceof Error ? error.message : String(error)}`;
  return { number: 40_197, severity: 17, state: 1, line: 1, procedure: '', text };
}

async function welcome(
  response: Response,
  login7: Login7,
  proof: LoginProof,
  database: string,
  serverName: string,
): Promise<void> {
  const info = (number: number, text: string) =>
    message(
      { number, severity: 0, state: number === 5701 ? 2 : 1, line: 1, procedure: '', text },
      serverName,
    );
  const packetBytes = negotiatePacketBytes(login7.packetBytes);
  const fedAuthNonce = proof.kind === 'token' ? (proof.nonce ?? Buffer.alloc(0)) : null;
  const tokens = [
    environment.database(database, 'master'),
    info(5701, `Changed database context to '${database}'.`),
    environment.collation(),
    environment.language('us_english', ''),
    info(5703, 'Changed language setting to us_english.'),
    loginAck(TDS_VERSIONS.includes(login7.tdsVersion) ? login7.tdsVersion : TDS_7_4),
    environment.packetBytes(packetBytes, DEFAULT_PACKET_BYTES),
  ];
  if (fedAuthNonce || login7.wantsUtf8Support) {
    tokens.push(featureExtAck({ fedAuthNonce, utf8Support: login7.wantsUtf8Support }));
  }
  await response.write(Buffer.concat([...tokens, done('done', 0, null, 0)]));
  await response.end();
}

// From a query's bytes to the answer's (RFC 1035, RFC 2308 for negative answers, RFC 6891 for EDNS).
import packet, { type Answer, type Packet, type Question, type SoaAnswer } from 'dns-packet';

export type DnsRecord =
  | { readonly type: 'CNAME'; readonly name: string; readonly ttl: number; readonly data: string }
  | { readonly type: 'A'; readonly name: string; readonly ttl: number; readonly data: string };

export interface DnsAnswer {
  /** False: the last name of the chain does not exist (NXDOMAIN). */
  readonly exists: boolean;
  /** The whole chain, as far as it goes: aliases, then the addresses. */
  readonly records: readonly DnsRecord[];
}

/** What is known of a name (lower case, no final dot); or the response code to refuse with. */
export type LookUp = (name: string, type: string) => DnsAnswer | string;

export type Transport = 'udp' | 'tcp';

const RCODE: Readonly<Record<string, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
};
const HEADER_BYTES = 12;
const RESPONSE = 0x8000;
const OPCODE = 0x7800;
/** Without EDNS (RFC 1035, 4.2.1); with it the client says how much it takes. */
const UDP_BYTES = 512;
const OUR_UDP_BYTES = 1232;
/** Seconds that "there is no such name" may be kept; Traffic Manager's zone says the like. */
const NEGATIVE_TTL = 30;

export interface AnsweredQuery {
  /** Null where the bytes deserve none: a header cannot be read, or it is an answer itself. */
  readonly answer: Buffer | null;
  /** What was asked for; null where that could not be read. */
  readonly name: string | null;
}

export function answerQuery(bytes: Buffer, transport: Transport, lookUp: LookUp): AnsweredQuery {
  if (bytes.length < HEADER_BYTES || (bytes.readUInt16BE(2) & RESPONSE) !== 0)
    return { answer: null, name: null };
  if ((bytes.readUInt16BE(2) & OPCODE) !== 0) return { answer: bare(bytes, 'NOTIMP'), name: null };
  const query = decode(bytes);
  const [question] = query?.questions ?? [];
  if (!query || !question || query.questions?.length !== 1)
    return { answer: bare(bytes, 'FORMERR'), name: null };
  const name = question.name.toLowerCase().replace(/\.$/, '');
  const result = (question.class ?? 'IN') === 'IN' ? lookUp(name, question.type) : 'REFUSED';
  return { answer: fitting(compose(query, question, name, result), query, transport), name };
}

function decode(bytes: Buffer): Packet | null {
  try {
    return packet.decode(bytes);
  } catch {
    return null;
  }
}

/** Only a header: for queries whose rest is not understood. */
function bare(query: Buffer, code: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  const echoed = query.readUInt16BE(2) & (OPCODE | packet.RECURSION_DESIRED);
  header.writeUInt16BE(RESPONSE | echoed | (RCODE[code] ?? 0), 2);
  return header;
}

function compose(query: Packet, question: Question, name: string, result: DnsAnswer | string): Packet {
  const known = typeof result === 'string' ? { exists: true, records: [] } : result;
  const code = typeof result === 'string' ? result : known.exists ? 'NOERROR' : 'NXDOMAIN';
  const answers = answersFor(question.type, known.records);
  const isNegative =
    code === 'NXDOMAIN' || (code === 'NOERROR' && !answers.some(({ type }) => type === question.type));
  const last = known.records.findLast(({ type }) => type === 'CNAME')?.data ?? name;
  const authority = isNegative ? [startOfAuthority(last)] : [];
  return {
    id: query.id,
    type: 'response',
    flags: (RCODE[code] ?? 2) | packet.RECURSION_AVAILABLE | ((query.flags ?? 0) & packet.RECURSION_DESIRED),
    // As it was asked, letter case included: resolvers compare.
    questions: [question],
    answers,
    authorities: authority,
    additionals: edns(query) ? [OUR_EDNS] : [],
  };
}

function answersFor(type: string, records: readonly DnsRecord[]): Answer[] {
  if (type === 'CNAME') return records.slice(0, 1).filter((record) => record.type === 'CNAME');
  if (type === 'A' || type === 'ANY') return [...records];
  return records.filter((record) => record.type === 'CNAME');
}

/** The zone is taken to be the name's last two labels: trafficmanager.net. */
function startOfAuthority(name: string): SoaAnswer {
  const zone = name.split('.').slice(-2).join('.');
  return {
    type: 'SOA',
    name: zone,
    ttl: NEGATIVE_TTL,
    data: {
      mname: `ns1.${zone}`,
      rname: `hostmaster.${zone}`,
      serial: 1,
      refresh: 900,
      retry: 300,
      expire: 604_800,
      minimum: NEGATIVE_TTL,
    },
  };
}

const OUR_EDNS: Answer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: OUR_UDP_BYTES,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

function edns(query: Packet) {
  return query.additionals?.find((record) => record.type === 'OPT') ?? null;
}

/** Too long for the datagram: truncated, so that the client asks again over TCP. */
function fitting(answer: Packet, query: Packet, transport: Transport): Buffer {
  const bytes = packet.encode(answer);
  const limit = Math.max(UDP_BYTES, edns(query)?.udpPayloadSize ?? 0);
  if (transport === 'tcp' || bytes.length <= limit) return bytes;
  const flags = (answer.flags ?? 0) | packet.TRUNCATED_RESPONSE;
  return packet.encode({ ...answer, flags, answers: [], authorities: [] });
}

// What is asked at one moment is asked in one round trip, and each question gets its own rows.
import { describe, expect, test } from '@jest/globals';
import type { SqlConnection, SqlRow, SqlValue } from '../../src/azure/ports.ts';
import { ACCESS } from '../../src/azure/tsql/access-mode.ts';
import { LINKS } from '../../src/azure/tsql/geo-replication.ts';
import { JOURNAL_TEXT } from '../../src/azure/tsql/journal-property.ts';
import { lookAtAll } from '../../src/azure/tsql/looks.ts';
import { SERVER_NAME } from '../../src/azure/tsql/server-name.ts';
import { WRITE_ACTIVITY } from '../../src/azure/tsql/write-activity.ts';

const ALL = {
  access: ACCESS,
  links: LINKS,
  journal: JOURNAL_TEXT,
  activity: WRITE_ACTIVITY,
  server: SERVER_NAME,
};

function connectionThat(answers: readonly SqlRow[]) {
  const sent: { text: string; parameters: Readonly<Record<string, SqlValue>> }[] = [];
  const connection = {
    server: 'blue',
    query: async (text: string, parameters = {}) => {
      sent.push({ text, parameters });
      return [...answers];
    },
  };
  return { connection: connection as unknown as SqlConnection, sent };
}

const numberOf = (name: keyof typeof ALL) => Object.keys(ALL).indexOf(name);

const at = new Date('2026-11-22T06:00:00Z');
const LINK = { partner_server: 'green', role: 0, replication_state_desc: 'CATCH_UP', replication_lag_sec: 0 };

describe('several looks', () => {
  test('are one statement each in one round trip, in the order in which they were asked', async () => {
    const { connection, sent } = connectionThat([{ look: numberOf('access'), mode: 'READ_ONLY' }]);
    await lookAtAll(connection, ALL);
    expect(sent).toHaveLength(1);
    const statements = sent[0]?.text
      .split('\n')
      .join(' ')
      .match(/SELECT \d+ AS look/g);
    expect(statements).toEqual(Object.keys(ALL).map((_name, index) => `SELECT ${index} AS look`));
  });

  test('get their own rows, whatever the others answer', async () => {
    const { connection } = connectionThat([
      { look: numberOf('access'), mode: 'READ_WRITE', fence: null, server_time: at },
      { look: numberOf('links'), ...LINK, last_commit: at },
      { look: numberOf('links'), ...LINK, partner_server: 'dr', last_commit: null },
      { look: numberOf('activity'), last_write: null, server_time: at },
      { look: numberOf('server'), server: 'contoso-sql-blue' },
    ]);
    const seen = await lookAtAll(connection, ALL);
    expect(seen.access).toEqual({ mode: 'read-write', isReadOnly: false, isFenced: false, at });
    expect(seen.links.map(({ partnerServer, lastCommit }) => [partnerServer, lastCommit])).toEqual([
      ['green', at],
      ['dr', null],
    ]);
    expect([seen.journal, seen.activity.lastWrite, seen.server]).toEqual([null, null, 'contoso-sql-blue']);
  });

  test('use no parameter of another one', async () => {
    const names = Object.values(ALL).flatMap((look) =>
      Object.keys('parameters' in look ? look.parameters : {}),
    );
    expect(new Set(names).size).toBe(names.length);
    const { connection, sent } = connectionThat([{ look: numberOf('access'), mode: 'READ_ONLY' }]);
    await lookAtAll(connection, ALL);
    expect(Object.keys(sent[0]?.parameters ?? {}).sort()).toEqual([...names].sort());
  });
});

test('a database that does not say how it is open is an error, not an answer', async () => {
  const { connection } = connectionThat([{ look: numberOf('links'), ...LINK, last_commit: null }]);
  await expect(lookAtAll(connection, { access: ACCESS, links: LINKS })).rejects.toThrow('on blue');
});

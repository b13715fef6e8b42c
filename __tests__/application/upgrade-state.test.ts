import { describe, expect, test } from '@jest/globals';
import type { DatabaseObservation, DatabaseSide } from '../../src/application/observe.ts';
import { databaseState, upgradeState } from '../../src/application/upgrade-state.ts';
import type { ReplicationLink } from '../../src/azure/ports.ts';
import type { JournalEntry, JournalStatus } from '../../src/engine/journal.ts';
import { databaseInfo } from '../guards/parts.ts';

function journal(status: JournalStatus, server: string, upgradeId = 'one'): JournalEntry {
  return {
    version: 1,
    application: 'contoso',
    upgradeId,
    server,
    status,
    at: '2026-11-20T22:00:00.000Z',
    frozenAt: null,
    scriptDigest: null,
    runUrl: null,
  };
}

function side(
  server: string,
  access: DatabaseSide['access'],
  entry: JournalEntry | null = null,
): DatabaseSide {
  return {
    ref: { resourceGroup: 'g', server, database: 'd' },
    info: null,
    links: [],
    access,
    why: '',
    journal: entry,
  };
}

function link(state: string): ReplicationLink {
  return {
    id: 'link',
    partnerServer: 'green',
    partnerDatabase: 'd',
    partnerLocation: null,
    role: 'Primary',
    partnerRole: 'Secondary',
    state,
    percentComplete: 100,
    linkType: 'GEO',
    startedAt: null,
  };
}

const observed = (
  production: DatabaseSide,
  stage: DatabaseSide,
  linked: ReplicationLink | null = null,
): DatabaseObservation => ({ name: 'd', production, stage, link: linked, protection: null });

const freezing = journal('freezing', 'blue');

describe('the state of one database', () => {
  test.each([
    ['no stage database', observed(side('blue', 'read-write'), side('green', 'absent')), 'not-prepared'],
    [
      'being copied',
      observed(side('blue', 'read-write'), side('green', 'unreachable'), link('SEEDING')),
      'seeding',
    ],
    [
      'caught up',
      observed(side('blue', 'read-write'), side('green', 'read-only'), link('CATCH_UP')),
      'prepared',
    ],
    [
      'suspended is not prepared',
      observed(side('blue', 'read-write'), side('green', 'read-only'), link('SUSPENDED')),
      'seeding',
    ],
    [
      'frozen, still linked',
      observed(side('blue', 'read-only', freezing), side('green', 'read-only', freezing), link('CATCH_UP')),
      'frozen',
    ],
    [
      'cut, copy still frozen',
      observed(side('blue', 'read-only', freezing), side('green', 'read-only', freezing)),
      'frozen',
    ],
    [
      'script begun',
      observed(
        side('blue', 'read-only', freezing),
        side('green', 'read-write', journal('upgrading', 'green')),
      ),
      'frozen',
    ],
    [
      'script complete',
      observed(
        side('blue', 'read-only', freezing),
        side('green', 'read-write', journal('upgraded', 'green')),
      ),
      'upgraded',
    ],
    [
      'switch begun, users still here',
      observed(
        side('blue', 'read-only', freezing),
        side('green', 'read-write', journal('switching', 'green')),
      ),
      'upgraded',
    ],
    [
      'complete, but of another upgrade',
      observed(
        side('blue', 'read-only', freezing),
        side('green', 'read-write', journal('upgraded', 'green', 'two')),
      ),
      'frozen',
    ],
    [
      'switched',
      observed(side('green', 'read-write', journal('serving', 'green')), side('blue', 'read-only', freezing)),
      'switched',
    ],
    [
      'switched, not recorded to the end',
      observed(
        side('green', 'read-write', journal('switching', 'green')),
        side('blue', 'read-only', freezing),
      ),
      'switched',
    ],
    [
      'moved by hand to a complete upgrade',
      observed(
        side('green', 'read-write', journal('upgraded', 'green')),
        side('blue', 'read-only', freezing),
      ),
      'switched',
    ],
    [
      'moved by hand to a complete upgrade after V1 was given back: what was written there is not in it',
      observed(
        side('green', 'read-write', journal('upgraded', 'green')),
        side('blue', 'read-write', freezing),
      ),
      'compromised',
    ],
    [
      'moved by hand to an upgrade that was not complete',
      observed(
        side('green', 'read-write', journal('scripted', 'green')),
        side('blue', 'read-only', freezing),
      ),
      'compromised',
    ],
    [
      'V2 serves, and V1 cannot be read',
      observed(side('green', 'read-write', journal('serving', 'green')), side('blue', 'unreachable')),
      'switched',
    ],
    [
      'V1 was given back, and what is left of V2 cannot be read',
      observed(side('blue', 'read-write', journal('unfrozen', 'blue')), {
        ...side('green', 'unreachable'),
        info: databaseInfo(),
      }),
      'compromised',
    ],
    [
      'V1 was given back, and whether anything is left of V2 was not told',
      observed(side('blue', 'read-write', journal('unfrozen', 'blue')), side('green', 'unreachable')),
      'unknown',
    ],
    [
      'rolled back, copy left',
      observed(
        side('blue', 'read-write', journal('unfrozen', 'blue')),
        side('green', 'read-write', journal('upgrading', 'green')),
      ),
      'compromised',
    ],
    [
      'V1 of another upgrade is not retired',
      observed(
        side('green', 'read-write', journal('serving', 'green', 'two')),
        side('blue', 'read-only', freezing),
      ),
      'compromised',
    ],
    [
      'a copy that was restored elsewhere is not V1',
      observed(
        side('green', 'read-write', journal('serving', 'green')),
        side('blue', 'read-only', journal('freezing', 'elsewhere')),
      ),
      'compromised',
    ],
    [
      'V2 frozen on the way back to V1 is not an upgrade that waits for its switch',
      observed(
        side('green', 'read-only', journal('returning', 'green')),
        side('blue', 'read-only', freezing),
      ),
      'frozen',
    ],
    [
      'V2 frozen under its own id, V1 still upgraded by name',
      observed(
        side('green', 'read-only', journal('freezing', 'green')),
        side('blue', 'read-write', journal('upgraded', 'green')),
      ),
      'frozen',
    ],
    [
      'the way back announced, V2 still serves',
      observed(
        side('green', 'read-write', journal('returning', 'green')),
        side('blue', 'read-only', freezing),
      ),
      'switched',
    ],
    [
      'users back on V1: not a switch, and V2 is kept',
      observed(
        side('blue', 'read-write', journal('returned', 'blue')),
        side('green', 'read-only', journal('returning', 'green')),
      ),
      'compromised',
    ],
    [
      'users back on V1, nobody has verified it yet',
      observed(
        side('blue', 'read-write', journal('giving-back', 'blue')),
        side('green', 'read-only', journal('returning', 'green')),
      ),
      'compromised',
    ],
    [
      'users stay on V2, V1 not frozen again yet',
      observed(
        side('green', 'read-write', journal('serving', 'green')),
        side('blue', 'read-write', journal('giving-back', 'blue')),
      ),
      'compromised',
    ],
    ['production not readable', observed(side('blue', 'unreachable'), side('green', 'absent')), 'unknown'],
  ] as const)('%s', (_what, database, state) => {
    expect(databaseState(database)).toBe(state);
  });
});

describe('several databases', () => {
  const prepared = observed(side('blue', 'read-write'), side('green', 'read-only'), link('CATCH_UP'));
  const frozen = observed(
    side('blue', 'read-only', freezing),
    side('green', 'read-only', freezing),
    link('CATCH_UP'),
  );
  const upgraded = observed(
    side('blue', 'read-only', freezing),
    side('green', 'read-write', journal('upgraded', 'green')),
  );

  test('one frozen one is enough to be frozen', () => {
    expect(upgradeState([prepared, frozen])).toBe('frozen');
  });

  test('upgraded only when all are', () => {
    expect(upgradeState([upgraded, frozen])).toBe('frozen');
    expect(upgradeState([upgraded, upgraded])).toBe('upgraded');
  });

  test('not switched where users were moved to one whose script failed half-way', () => {
    const moved = (status: JournalEntry['status']) =>
      observed(side('green', 'read-write', journal(status, 'green')), side('blue', 'read-only', freezing));
    expect(upgradeState([moved('upgraded'), moved('upgrading')])).toBe('compromised');
    expect(upgradeState([moved('upgraded'), moved('serving')])).toBe('switched');
  });

  test('not prepared while one is missing', () => {
    expect(upgradeState([prepared, observed(side('blue', 'read-write'), side('green', 'absent'))])).toBe(
      'not-prepared',
    );
  });
});

// `freeze.method: deny-writes` and `auto`: what a denial of permissions does not bind is found before anything is changed.

import { fenceObstacleWords, sessionWords } from '../application/fence-words.ts';
import { sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import {
  type FenceObstacle,
  readFenceObstacles,
  readUnboundSessions,
} from '../azure/tsql/fence-obstacles.ts';
import type { Config } from '../config/config.ts';
import { sqlcmd } from '../engine/command-line.ts';
import type { Guard, Verdict } from './guard.ts';
import { fail, notKnowable, pass, perDatabase } from './verdict.ts';

/** In the database: owners, application roles, guest, grants on columns, and the rights to see and end writers. */
export const fencePossible: Guard = {
  id: 'fence-possible',
  title: 'Writing can be denied to everybody but this tool',
  phases: ['prepare', 'upgrade'],
  check: (context, observed) =>
    perDatabase(context, observed, async (pair) => {
      const where = `${pair.name} on ${context.production.server.name}`;
      const obstacles = await context.sessions.on(
        sqlTarget(context, 'production', pair.name),
        readFenceObstacles,
      );
      if (obstacles.length === 0) return pass(`nobody writes in ${where} by what cannot be denied`);
      const advice = [...new Set(obstacles.map((one) => adviceFor(context, pair.name, one)))];
      return refusal(context, `${where}: ${obstacles.map(fenceObstacleWords).join('; ')}`, advice);
    }),
};

/** Who is signed in at this moment whom it would not bind. */
export const fenceBindsSessions: Guard = {
  id: 'fence-binds-sessions',
  title: 'Nobody is signed in whom a denial of permissions does not bind',
  phases: ['upgrade'],
  check: (context, observed) =>
    perDatabase(context, observed, async (pair) => {
      const where = `${pair.name} on ${context.production.server.name}`;
      const sessions = await context.sessions.on(
        sqlTarget(context, 'production', pair.name),
        readUnboundSessions,
      );
      if (sessions.length === 0) return pass(`every session in ${where} is one of a user of the database`);
      return refusal(context, `${where}: ${sessions.map(sessionWords).join('; ')}`, [
        'Administrators (dbo), users who come through a group only, and others with the identity of this action are not bound. Let the application sign in as a user of its own (CREATE USER … FROM EXTERNAL PROVIDER), and close the sessions of people.',
      ]);
    }),
};

/** The guards of this configuration. */
export function fenceGuards({ freezeMethod }: Pick<Config, 'freezeMethod'>): readonly Guard[] {
  return freezeMethod === 'read-only' ? [] : [fencePossible, fenceBindsSessions];
}

/** With `auto` the fence may never be needed. */
function refusal({ config }: UpgradeContext, evidence: string, advice: readonly string[]): Verdict {
  if (config.freezeMethod === 'auto')
    return notKnowable(
      `${evidence}; should SQL Server refuse SET READ_ONLY (1468), the upgrade would go back`,
    );
  return fail('fence-not-possible', evidence, ...advice);
}

function adviceFor(context: UpgradeContext, database: string, obstacle: FenceObstacle): string {
  const command = (statement: string) =>
    sqlcmd(context.production.server.fullyQualifiedDomainName, database, statement);
  switch (obstacle.kind) {
    case 'owner':
      return 'Let dbo own schemas and objects (ALTER AUTHORIZATION ON SCHEMA::NAME TO dbo; rights of the former owner have to be granted then).';
    case 'application-role':
      return 'Use users and roles instead of application roles, or freeze.method: read-only.';
    case 'guest':
      return `Nobody needs guest in a database of their own:\n${command('REVOKE CONNECT FROM guest;')}`;
    case 'column-grant':
      return 'Grant UPDATE on the table or schema instead of columns, or use freeze.method: read-only.';
    case 'memory-optimized':
      return 'A database with durable memory-optimized tables can be closed by freeze.method: read-only only.';
    case 'right':
      return "Let the identity be db_owner; on Basic, S0, S1 and in elastic pools also the server's Microsoft Entra administrator or a member of ##MS_ServerStateReader##.";
  }
}

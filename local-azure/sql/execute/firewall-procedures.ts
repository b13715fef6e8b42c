// sp_set_firewall_rule, sp_delete_firewall_rule: the server's firewall, from master.
import { sameName } from '../catalog/catalog.ts';
import { sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import { namedArguments } from './arguments.ts';
import type { CallArgument } from './calls.ts';
import type { Frame } from './frame.ts';

type Procedure = AsyncGenerator<SessionEvent, number>;

function requireAdministrator({ session }: Frame): void {
  if (!sameName(session.database.name, 'master')) throw sqlError(5001);
  if (!session.principal.isServerAdministrator) throw sqlError(15247);
}

export async function* setFirewallRule(frame: Frame, args: readonly CallArgument[]): Procedure {
  requireAdministrator(frame);
  const { server } = frame.session;
  const given = namedArguments(
    'sp_set_firewall_rule',
    ['@name', '@start_ip_address', '@end_ip_address'],
    args,
  );
  const name = given.text('@name') ?? '';
  const start = given.text('@start_ip_address') ?? '';
  const end = given.text('@end_ip_address') ?? '';
  server.firewall = [...server.firewall.filter((rule) => !sameName(rule.name, name)), { name, start, end }];
  return 0;
}

export async function* deleteFirewallRule(frame: Frame, args: readonly CallArgument[]): Procedure {
  requireAdministrator(frame);
  const { server } = frame.session;
  const name = namedArguments('sp_delete_firewall_rule', ['@name'], args).text('@name') ?? '';
  server.firewall = server.firewall.filter((rule) => !sameName(rule.name, name));
  return 0;
}

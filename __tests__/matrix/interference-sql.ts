// A statement of a person with a shell: as the server's administrator, outside the tool.
import type { LocalAzure } from '../../local-azure/start.ts';
import { DATABASE } from '../../local-azure/topologies/contoso.ts';

/** Throws what SQL Server answers where it refuses the login or the statement. */
export async function statement(
  { fabric, description }: LocalAzure,
  server: string,
  text: string,
): Promise<void> {
  const host = fabric.hosts().find(({ serverName }) => serverName === server);
  if (!host) throw new Error(`there is no server ${server}`);
  const login = { kind: 'password', ...description.sqlLogin } as const;
  const client = { address: '127.0.0.1', programName: 'by hand', readOnlyIntent: false };
  const session = await host.login(login, DATABASE, client);
  try {
    for await (const event of session.execute(text, [], new AbortController().signal))
      if (event.kind === 'message' && event.message.severity > 10) throw new Error(event.message.text);
  } finally {
    session.close();
  }
}

// What a person does with sqlcmd: statements as the server's administrator.
import type { LocalAzure } from '../../local-azure/start.ts';

/** Throws what SQL Server answers where it refuses the login or the statement. */
export async function sqlByHand(
  { fabric, description }: LocalAzure,
  server: string,
  text: string,
  database = 'contoso',
): Promise<void> {
  const host = fabric.hosts().find(({ serverName }) => serverName === server);
  if (!host) throw new Error(`${server} does not exist`);
  const login = { kind: 'password', ...description.sqlLogin } as const;
  const client = { address: '127.0.0.1', programName: 'by hand', readOnlyIntent: false };
  const session = await host.login(login, database, client);
  try {
    for await (const event of session.execute(text, [], new AbortController().signal)) {
      if (event.kind === 'message' && event.message.severity > 10) throw new Error(event.message.text);
    }
  } finally {
    session.close();
  }
}

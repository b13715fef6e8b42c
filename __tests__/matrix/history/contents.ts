// What is there in the end: who answers at the public name, and the rows of every database.
import type { LocalAzure } from '../../../local-azure/start.ts';
import { DATABASE } from '../../../local-azure/topologies/contoso.ts';
import type { Browser } from '../../../local-azure/users/browser.ts';
import { contentOf } from './client.ts';
import type { DatabaseContents, Place, Row } from './events.ts';
import type { Places } from './places.ts';

/** Looked at from outside any session: nobody has to be let in. */
export function rowsOf({ fabric }: LocalAzure, database: string): Row[] {
  return fabric
    .inspect(database, DATABASE, 'SELECT [Id], [Customer], [Amount], [CreatedAt] FROM [dbo].[Orders]')
    .map(({ Id, Customer, Amount, CreatedAt }) => ({
      key: String(Id).toLowerCase(),
      content: contentOf({ customer: String(Customer), amount: Number(Amount) }),
      createdAt: JSON.stringify(CreatedAt),
    }));
}

export function contentsOf(azure: LocalAzure, places: Places): DatabaseContents[] {
  return places.databases().map((home) => ({ ...home, rows: rowsOf(azure, home.database) }));
}

/** Asked as a user with a new computer would: no old answers of DNS, no old connections. */
export async function servingPlace(
  browser: Browser,
  publicName: string,
  places: Places,
): Promise<Place | null> {
  const answer = await browser.get(publicName, '/');
  return answer.kind === 'answered' ? places.find(answer.servedBy) : null;
}

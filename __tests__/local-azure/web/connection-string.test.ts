import { describe, expect, test } from '@jest/globals';
import { formatConnectionString, parseConnectionString } from '../../../local-azure/web/connection-string.ts';

const azure = {
  host: 'contoso-sql-blue.database.windows.net',
  port: 1433,
  database: 'contoso',
  user: 'contoso-app',
  password: 'Pa55=word',
};

describe('connection strings', () => {
  test('as the portal writes them', () => {
    const text =
      'Server=tcp:contoso-sql-blue.database.windows.net,1433;Initial Catalog=contoso;Persist Security Info=False;' +
      'User ID=contoso-app;Password=Pa55=word;Encrypt=True;TrustServerCertificate=False;Connection Timeout=30;';
    expect(parseConnectionString(text)).toEqual(azure);
  });

  test.each([
    'plain',
    'semi;colon',
    'both "quotes" and \'these\'',
    "only 'single'",
    'a=b',
  ])('a password survives being written and read: %s', (password) => {
    expect(parseConnectionString(formatConnectionString({ ...azure, password }))).toEqual({
      ...azure,
      password,
    });
  });

  test('the port is 1433 where none is given', () => {
    expect(parseConnectionString('Data Source=server;Database=d;UID=u;PWD=p')).toMatchObject({
      host: 'server',
      port: 1433,
    });
  });

  test.each(['', 'nonsense', 'Server=tcp:s;Database=d;User ID=u'])('no connection string: "%s"', (text) => {
    expect(parseConnectionString(text)).toBeNull();
  });
});

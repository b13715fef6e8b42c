import { command } from '../engine/command-line.ts';

/**
 * What to do where a server is not in its resource group: a group that is misspelt, or is in another subscription, cannot be
 * listed, so all are searched for the server's name.
 * @param keys of the configuration that may be wrong.
 */
export function whereServerIs(server: string, keys: string): readonly [string, string] {
  return [
    `Correct ${keys} in the configuration; this tells in which resource group ${server} is, and nothing where the subscription has no such server:`,
    command('az', 'sql', 'server', 'list', '--query', `[?name=='${server}'].resourceGroup`, '-o', 'tsv'),
  ];
}

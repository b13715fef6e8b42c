// What a person copies into a shell whose default subscription is another one.
import { expect, test } from '@jest/globals';
import { azFor } from '../../src/service/az-command.ts';

test('a command names the subscription of the resource that it is about', () => {
  const id =
    '/subscriptions/0-1/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/contoso web';
  expect(azFor(id, 'vmss', 'scale', '-n', 'contoso web')).toBe(
    "az vmss scale -n 'contoso web' --subscription 0-1",
  );
  expect(azFor(null, 'vmss', 'list')).toBe('az vmss list');
});

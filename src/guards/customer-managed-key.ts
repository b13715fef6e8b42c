import type { Guard } from './guard.ts';
import { notKnowable, pass } from './verdict.ts';

/** With keys of the customer's Azure refuses a copy on a server that does not have the same key material. */
export const customerManagedKey: Guard = {
  id: 'customer-managed-key',
  title: 'Both servers have the encryption key',
  phases: ['prepare'],
  check: async ({ production, stage }) => {
    const { keyId } = production.server;
    if (keyId === null) return pass(`${production.server.name} names no customer-managed key`);
    if (keyId === stage.server.keyId) return pass('both servers use the same customer-managed key');
    return notKnowable(
      `${production.server.name} uses a customer-managed key; ${stage.server.name} has to be able to use it too (az sql server key create), or Azure refuses the copy`,
    );
  },
};

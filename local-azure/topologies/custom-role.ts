// What the principal of the action may do: the custom role of the documentation, on the subscription.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Arm } from '../arm/create-arm.ts';
import { IDS, PRINCIPAL } from './contoso.ts';

const CUSTOM_ROLE = z.object({ Actions: z.array(z.string()), NotActions: z.array(z.string()).default([]) });

/** Beside it, since people sign in as the same principal here: to end a lease by hand (docs/permissions.md, on call). */
const ON_CALL = ['Microsoft.Resources/tags/*'];

/** One role for every topology: the action has one. */
export async function grantCustomRole(arm: Arm): Promise<void> {
  const file = new URL('../../docs/custom-role.json', import.meta.url);
  const role = CUSTOM_ROLE.parse(JSON.parse(await readFile(file, 'utf8')));
  const scope = `/subscriptions/${IDS.subscription}`;
  arm.setGrants(PRINCIPAL.objectId, [
    { scope, actions: role.Actions, notActions: role.NotActions },
    { scope, actions: ON_CALL, notActions: [] },
  ]);
}

// The endpoint table tells what was read, and does not take silence for absence.
import { expect, test } from '@jest/globals';
import { observeWhatAnswers } from '../../src/application/observe.ts';
import type { Profile } from '../../src/azure/ports.ts';
import { endpointViews } from '../../src/phases/endpoint-views.ts';
import { endpoint, profile } from '../guards/parts.ts';
import { servers } from '../steps/two-servers.ts';

async function statuses(getProfile: () => Promise<Profile | null>): Promise<string[]> {
  const { context } = servers({ production: 'blue' });
  const appService = { getSite: async () => null };
  Object.assign(context.azure, { trafficManager: { getProfile }, appService });
  const views = await endpointViews(context, await observeWhatAnswers(context), null);
  return views.map(({ slot, status }) => `${slot} ${status}`);
}

test('of a profile that has one of the two endpoints', async () => {
  const found = profile({ endpoints: [endpoint('blue', { status: 'Enabled' })] });
  expect(await statuses(async () => found)).toEqual(['blue Enabled', 'green absent']);
});

test('of no profile', async () => {
  expect(await statuses(async () => null)).toEqual(['blue absent', 'green absent']);
});

test('of a Traffic Manager that does not answer', async () => {
  const silent = async () => {
    throw new Error('429');
  };
  expect(await statuses(silent)).toEqual(['blue unknown', 'green unknown']);
});

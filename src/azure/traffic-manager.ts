// Traffic Manager. A profile is one document without an ETag, and the SDK drops every member its model does not
// know; so documents that exist are read and written as Azure sends them, and only new things go through the SDK.
import type { EndpointType as SdkEndpointType } from '@azure/arm-trafficmanager';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { type ArmContext, clientOptions, equip, rawArm, request } from './arm-client.ts';
import { AzureError, WrittenError } from './errors.ts';
import { lazy } from './lazy.ts';
import type {
  Endpoint,
  EndpointChanges,
  EndpointType,
  NewEndpoint,
  Profile,
  ProfileRef,
  TrafficManager,
} from './ports.ts';
import { resourceGroupPath } from './resource-id.ts';
import {
  ENDPOINT_TYPES,
  type ProfileDocument,
  profileOf,
  withChangedEndpoints,
} from './traffic-manager-document.ts';

const API_VERSION = '2022-04-01';
/** A profile that was read longer ago is read again before it is written: locks are waited for meanwhile. Milliseconds. */
const FRESH_MS = 500;
const PATH_SEGMENTS: Readonly<Record<EndpointType, SdkEndpointType>> = {
  azure: 'AzureEndpoints',
  external: 'ExternalEndpoints',
  nested: 'NestedEndpoints',
};

/** The port TrafficManager. Every method throws AzureError; writes also UpgradeError 'profile-changed', before they are sent. */
export function createTrafficManager(context: ArmContext): TrafficManager {
  const arm = rawArm(context);
  const client = lazy(async () => {
    const { TrafficManagerManagementClient } = await import('@azure/arm-trafficmanager');
    return equip(
      new TrafficManagerManagementClient(context.credential, context.subscriptionId, clientOptions(context)),
      context,
    );
  });

  const pathOf = ({ resourceGroup, profile }: ProfileRef) =>
    `${resourceGroupPath(context.subscriptionId, resourceGroup)}/providers/Microsoft.Network/trafficManagerProfiles/${encodeURIComponent(profile)}`;

  async function read(ref: ProfileRef): Promise<ProfileDocument | null> {
    return (await arm.get(pathOf(ref), API_VERSION)) as ProfileDocument | null;
  }

  async function readExisting(ref: ProfileRef): Promise<ProfileDocument> {
    const document = await read(ref);
    if (document === null) throw changed(ref, ['it does not exist']);
    return document;
  }

  async function getProfile(ref: ProfileRef): Promise<Profile | null> {
    const document = await read(ref);
    return document === null ? null : profileOf(document);
  }

  return {
    getProfile,

    createProfile: async (ref, { relativeName, ttlSeconds, monitor, endpoints, tags }) => {
      const { profiles } = await client();
      await request(() =>
        profiles.createOrUpdate(ref.resourceGroup, ref.profile, {
          location: 'global',
          tags: { ...tags },
          profileStatus: 'Enabled',
          trafficRoutingMethod: 'Priority',
          dnsConfig: { relativeName, ttl: ttlSeconds },
          monitorConfig: { ...monitor },
          endpoints: endpoints.map((endpoint) => ({ name: endpoint.name, ...sdkEndpoint(endpoint) })),
        }),
      );
      return profileOf(await readExisting(ref));
    },

    addEndpoint: async (ref, endpoint) => {
      // A PUT would silently replace an endpoint of this name, also one that serves users.
      const { endpoints } = profileOf(await readExisting(ref));
      if (endpoints.some(({ name }) => name.toLowerCase() === endpoint.name.toLowerCase())) {
        throw changed(ref, [`endpoint ${endpoint.name} exists already`]);
      }
      const sdk = await client();
      const segment = PATH_SEGMENTS[endpoint.type];
      await request(() =>
        sdk.endpoints.createOrUpdate(
          ref.resourceGroup,
          ref.profile,
          segment,
          endpoint.name,
          sdkEndpoint(endpoint),
        ),
      );
      return profileOf(await readExisting(ref));
    },

    openProfile: async (ref) => {
      const document = await readExisting(ref);
      const readAt = context.clock.now();
      const profile = profileOf(document);
      return {
        profile,
        write: async (changes, beforeSending = async () => {}) => {
          const expected = wanted(profile.endpoints, changes);
          const renew = async () => {
            const now = await readExisting(ref);
            // A write that was not answered properly may have been carried out.
            const [sinceRead, sinceWrite] = [profile.endpoints, expected].map((endpoints) =>
              differences(endpoints, profileOf(now).endpoints),
            );
            if (sinceRead?.length && sinceWrite?.length) throw changed(ref, sinceRead);
            await beforeSending();
            return withChangedEndpoints(now, changes);
          };
          const isFresh = Math.abs(context.clock.now() - readAt) <= FRESH_MS; // a clock may be set back
          if (isFresh) await beforeSending();
          const body = isFresh ? withChangedEndpoints(document, changes) : await renew();
          await arm.put(pathOf(ref), API_VERSION, body, renew);
          try {
            const after = profileOf(await readExisting(ref));
            const different = differences(expected, after.endpoints);
            if (different.length > 0) throw changed(ref, different);
            return after;
          } catch (error) {
            throw written(error);
          }
        },
      };
    },

    removeEndpoint: async (ref, { name, type }) => {
      const { endpoints } = await client();
      await request(() => endpoints.delete(ref.resourceGroup, ref.profile, PATH_SEGMENTS[type], name));
    },
  };
}

/** Whatever is wrong after the write: the write was carried out, and that it was refused must not be read from this. */
function written(error: unknown): WrittenError {
  const { status, code, correlationId } =
    error instanceof AzureError ? error : { status: null, code: null, correlationId: null };
  const why = messageOf(error);
  return new WrittenError(`The profile was written; reading it back: ${why}`, {
    status,
    code,
    correlationId,
    outcomeUnknown: true,
    cause: error,
  });
}

function sdkEndpoint(endpoint: NewEndpoint) {
  return {
    type: ENDPOINT_TYPES[endpoint.type],
    endpointStatus: endpoint.status,
    priority: endpoint.priority,
    ...(endpoint.target === null ? {} : { target: endpoint.target }),
    ...(endpoint.targetResourceId === null ? {} : { targetResourceId: endpoint.targetResourceId }),
    ...(endpoint.location === null ? {} : { endpointLocation: endpoint.location }),
  };
}

function wanted(expected: readonly Endpoint[], changes: EndpointChanges): readonly Endpoint[] {
  return expected.map((endpoint) => ({ ...endpoint, ...changes[endpoint.name] }));
}

/** Of what decides where users go. Monitor states change by themselves and are left out. */
function differences(expected: readonly Endpoint[], found: readonly Endpoint[]): string[] {
  const [expectedLines, foundLines] = [expected.map(summary), found.map(summary)];
  const missing = expectedLines.filter((line) => !foundLines.includes(line));
  const surplus = foundLines.filter((line) => !expectedLines.includes(line));
  return [...missing.map((line) => `expected ${line}`), ...surplus.map((line) => `found ${line}`)];
}

function summary({ name, type, status, priority, target }: Endpoint): string {
  return `${name} (${type}, ${status}, priority ${priority ?? 'none'}, ${target?.toLowerCase() ?? 'no target'})`;
}

function changed({ profile }: ProfileRef, different: readonly string[]): UpgradeError {
  return new UpgradeError(
    'profile-changed',
    `Traffic Manager profile ${profile} is not as it was read: ${different.join('; ')}.`,
    { advice: ['See who else changes this profile, then run the phase again: it reads the profile afresh.'] },
  );
}

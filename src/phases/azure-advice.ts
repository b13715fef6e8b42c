// What Azure or the network said where there is one thing to do about it, in words of this product.
import { AzureError } from '../azure/errors.ts';
import { shell } from '../engine/command-line.ts';
import { UpgradeError } from '../reasons.ts';

/** Azure's own code is surer than HTTP 404, which a missing resource in a group that is there answers, too. */
export function isGroupMissing(error: unknown): error is AzureError {
  return error instanceof AzureError && error.code === 'ResourceGroupNotFound';
}

/** As 'resource-not-found'. Its cause is what Azure said. */
export function groupMissing(error: AzureError): UpgradeError {
  const group = /resource group '([^']+)'/i.exec(error.message)?.[1];
  const key = KEYS.find(({ type }) => type.test(error.message))?.key ?? 'resource-group';
  return new UpgradeError(
    'resource-not-found',
    `There is no resource group${group ? ` ${group}` : ''} in this subscription: ${error.message}`,
    {
      advice: [
        `Correct ${key} in the configuration, or the input subscription-id; these groups are there:\n${shell`az group list -o table`}`,
      ],
      cause: error,
    },
  );
}

/** By what was asked for, the key of the configuration that its group comes from. */
const KEYS: readonly { readonly type: RegExp; readonly key: string }[] = [
  { type: /\/trafficManagerProfiles\b/i, key: 'traffic-manager.resource-group' },
  { type: /\/Microsoft\.Sql\//i, key: 'resource-group of the slot, or of its sql-server,' },
  { type: /\/Microsoft\.Web\//i, key: 'resource-group of the slot, or of its web-app,' },
  { type: /\/virtualMachineScaleSets\b/i, key: 'resource-group of the scale set' },
  { type: /\/cloudServices\b/i, key: 'resource-group of the cloud service' },
];

/** What to do besides reading it; empty where nothing is known. */
export function adviceOn(said: readonly string[]): readonly string[] {
  return said.some((text) => NOT_SIGNED_BY_ANYONE.test(text)) ? [CERTIFICATE] : [];
}

/** Codes and words of OpenSSL, as Node tells them; SDKs pass on the one or the other. */
const NOT_SIGNED_BY_ANYONE =
  /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|self[- ]signed certificate|unable to get (local )?issuer certificate|unable to verify the first certificate/i;

const CERTIFICATE =
  'Something on the way shows a certificate that this runner does not trust, mostly a proxy that looks into TLS: name its authority in the environment of the step, NODE_EXTRA_CA_CERTS with the path of a PEM file (see docs/permissions.md).';

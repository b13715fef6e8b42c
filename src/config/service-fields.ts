// The kinds of value that only the file of a service has.
import { z } from 'zod';
import { textOrVariable } from './fields.ts';
import type { Minimum } from './service-config.ts';

const MOST_INSTANCES = 1000;
const PERCENT = /^(100|[1-9]\d?)%$/;
const MINIMUM = `a number of instances from 1 to ${MOST_INSTANCES}, or a share of them from "1%" to "100%", e.g. 3 or "75%"`;

export function minimum(description: string) {
  return z
    .union([z.int(), textOrVariable(/\d{1,4}|\d{1,3}%/, MINIMUM)], { error: MINIMUM })
    .refine((value) => readMinimum(value) !== null, { error: MINIMUM })
    .meta({ description, examples: ['75%', 3] });
}

/** 3, "3" or "75%"; null where it is none of these, or asks for no instance. */
export function readMinimum(value: number | string): Minimum | null {
  const percent = PERCENT.exec(String(value))?.[1];
  if (percent !== undefined) return { kind: 'percent', percent: Number(percent) };
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > MOST_INSTANCES) return null;
  return { kind: 'count', count };
}

const VERSION = /^\d+\.\d+\.\d+$/;
const IMAGES_WITH_VERSIONS = [
  /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Compute\/galleries\/[^/\s]+\/images\/[^/\s]+(?:\/versions\/([^/\s]+))?$/i,
  /^\/(?:SharedGalleries|CommunityGalleries)\/[^/\s]+\/images\/[^/\s]+(?:\/versions\/([^/\s]+))?$/i,
  /^[^:/\s]+:[^:/\s]+:[^:/\s]+(?::([^:/\s]+))?$/,
];
const MANAGED_IMAGE =
  /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Compute\/images\/[^/\s]+$/i;
const IMAGE_EXAMPLE = 'Canonical:ubuntu-24_04-lts:server:24.04.202611100';
const IMAGE = `the resource id of an image version in a gallery, or publisher:offer:sku:version, e.g. ${IMAGE_EXAMPLE}`;
const PINNED =
  'an image with its version, e.g. …/versions/2.0.0 or …:2.0.0: where Azure chooses the version there is no way back, and instances come to run different ones';

const VERIFIABLE =
  'an image version in a gallery: of a managed image no instance tells which version it runs, so nothing could be verified';

export function image(description: string) {
  return z
    .string({ error: IMAGE })
    .superRefine((value, context) => {
      const message = imageProblem(value);
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .meta({ description, examples: [IMAGE_EXAMPLE] });
}

function imageProblem(value: string): string | null {
  if (MANAGED_IMAGE.test(value)) return VERIFIABLE;
  if (value.toLowerCase() === 'latest') return PINNED;
  const match = IMAGES_WITH_VERSIONS.map((form) => form.exec(value)).find((found) => found !== null);
  if (match === undefined) return IMAGE;
  return VERSION.test(match[1] ?? '') ? null : PINNED;
}

const SETTINGS = 'a mapping of settings as the extension knows them, e.g. {port: 80}';

/** Any mapping that JSON can carry. YAML has numbers that it cannot: `.inf`, `.nan`. */
export function settings(description: string) {
  return z
    .record(z.string(), z.unknown(), { error: SETTINGS })
    .refine(isJson, { error: `${SETTINGS}, without .inf and .nan` })
    .meta({ description, examples: [{ port: 80 }] });
}

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isJson);
}

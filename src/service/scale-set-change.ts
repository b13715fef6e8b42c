// The difference between a scale set's model and its target.
import type { ScaleSetModel } from '../azure/ports/compute.ts';
import type { ScaleSetTarget } from '../config/service-config.ts';
import { changeOf, type ServiceChange, type WayBack } from './change.ts';
import { canonical, extensionNamed, imageVersion, isPinned } from './model-parts.ts';

/** What is equal already, or not named in the target, has no line. */
export function changesOfScaleSet(
  role: string,
  model: ScaleSetModel,
  target: ScaleSetTarget,
): ServiceChange[] {
  return [
    ...imageChange(role, model.image, target.image),
    ...sizeChange(role, model.sku.name, target.size),
    ...Object.entries(target.extensions).flatMap(([name, wanted]) =>
      extensionChange(role, model, name, wanted),
    ),
  ];
}

function imageChange(role: string, before: string | null, after: string | null): ServiceChange[] {
  if (after === null || after.toLowerCase() === before?.toLowerCase()) return [];
  const what = `image ${shortImage(before)} → ${shortImage(after, before)}`;
  if (!isPinned(after)) return [changeOf(role, 'image-without-version', what)];
  const data =
    'OS disk and temporary disk are lost: instances are made anew from the image; data disks are kept';
  if (!samePublisher(before, after)) return [changeOf(role, 'image-publisher', what, { data })];
  return [changeOf(role, 'image', what, { data, wayBack: wayBackTo(before) })];
}

function wayBackTo(image: string | null): WayBack {
  if (image === null || !isPinned(image)) {
    const words = 'the image before names no exact version: nothing says what ran';
    return { kind: 'none', words };
  }
  const words =
    'instances are made anew from the image before; it has to be kept, with its replica in the region';
  return { kind: 'possible', words };
}

/** A platform image against a gallery's, or against one of another publisher or offer: refused by the platform. */
function samePublisher(before: string | null, after: string): boolean {
  const origin = (image: string) =>
    image.startsWith('/') ? '/' : image.split(':').slice(0, 2).join(':').toLowerCase();
  return before === null || origin(before) === origin(after);
}

function sizeChange(role: string, before: string, after: string | null): ServiceChange[] {
  if (after === null || after.toLowerCase() === before.toLowerCase()) return [];
  const data =
    'the temporary disk is lost, and an OS disk that is ephemeral; do not count on what is on the OS disk; data disks are kept';
  const words = `needs ${before} to be available where the instances are then, and its cores within the quota`;
  return [
    changeOf(role, 'size', `size ${before} → ${after}`, { data, wayBack: { kind: 'doubtful', words } }),
  ];
}

function extensionChange(
  role: string,
  { extensions }: ScaleSetModel,
  name: string,
  { version, settings }: ScaleSetTarget['extensions'][string],
): ServiceChange[] {
  const before = extensionNamed(extensions, name);
  if (before === null) return [changeOf(role, 'extension-missing', `extension ${name}, which is not there`)];
  const hasNewVersion = version !== null && version !== before.typeHandlerVersion;
  const changed = settings === null ? [] : changedMembers(before.settings, settings);
  const what = [
    ...(hasNewVersion ? [`version ${before.typeHandlerVersion} → ${version}`] : []),
    ...(changed.length > 0 ? [`settings ${changed.join(', ')}`] : []),
  ];
  if (what.length === 0) return [];
  const words = `the extension before is written again; what it has done on the machine is not undone by that${hasNewVersion ? ', and a handler may refuse to go back to an older version' : ''}`;
  const wayBack: WayBack = { kind: hasNewVersion ? 'doubtful' : 'possible', words };
  return [changeOf(role, 'extension', `extension ${name}: ${what.join('; ')}`, { wayBack })];
}

/** Their names. */
function changedMembers(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const valueIn = (record: Readonly<Record<string, unknown>>, name: string) =>
    canonical([Object.hasOwn(record, name), record[name]]);
  return [...names].filter((name) => valueIn(before, name) !== valueIn(after, name)).toSorted();
}

/** The version alone, where the rest is as it was. */
function shortImage(image: string | null, besides: string | null = image): string {
  if (image === null) return 'unnamed';
  const version = imageVersion(image);
  if (version === null || besides === null) return image;
  const isAlike = withoutVersion(image) === withoutVersion(besides);
  return isAlike ? version : image;
}

function withoutVersion(image: string): string {
  return image.toLowerCase().replace(/[/:][^/:]*$/, '');
}

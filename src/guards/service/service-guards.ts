// What has to hold before a phase of topology upgrade-domains may begin, in the order in which it is told.
import type { ServiceConfig } from '../../config/service-config.ts';
import { automation } from './automation.ts';
import { changePossible } from './change-possible.ts';
import { domainsKnown } from './domains-known.ts';
import { healthTold } from './health-told.ts';
import { instancesAlike } from './instances-alike.ts';
import { instancesHealthy } from './instances-healthy.ts';
import { minimumReachable } from './minimum-reachable.ts';
import { notLocked } from './not-locked.ts';
import { oneUpdate } from './one-update.ts';
import { protectedInstances } from './protected-instances.ts';
import { quota } from './quota.ts';
import type { ServiceGuard } from './service-guard.ts';
import { servicePermissions } from './service-permissions.ts';
import { swapPossible } from './swap-possible.ts';
import { twoInstances } from './two-instances.ts';
import { upgradeMode } from './upgrade-mode.ts';
import { versionExists } from './version-exists.ts';
import { versionPinned } from './version-pinned.ts';
import { walkTimeLeft } from './walk-time-left.ts';
import { wholeService } from './whole-service.ts';

/** The guards of this configuration: what the service is made of decides which of them have a meaning. */
export function serviceGuards({ service }: Pick<ServiceConfig, 'service'>): readonly ServiceGuard[] {
  return [
    oneUpdate,
    notLocked,
    ...(service.kind === 'cloud-service' ? cloudServiceGuards(service) : [upgradeMode]),
    changePossible,
    versionPinned,
    versionExists,
    instancesAlike,
    domainsKnown,
    protectedInstances,
    twoInstances,
    minimumReachable,
    healthTold,
    instancesHealthy,
    quota,
    automation,
    servicePermissions,
    walkTimeLeft,
  ];
}

function cloudServiceGuards(
  service: Extract<ServiceConfig['service'], { kind: 'cloud-service' }>,
): ServiceGuard[] {
  const { stagingService } = service;
  return [wholeService(service), ...(stagingService === null ? [] : [swapPossible(service, stagingService)])];
}

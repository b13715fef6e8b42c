// Puts an embedded Azure together and starts it: SQL, Entra, resource manager, sites, Traffic Manager, DNS and
// the control page; all on loopback, on free ports.
import { type Arm, createArm } from './arm/create-arm.ts';
import { createCertificates } from './certificates.ts';
import { type Clock, systemClock } from './clock.ts';
import { createComputeFabric } from './compute/create-fabric.ts';
import type { ComputeFabric } from './compute/fabric.ts';
import { startControl } from './control/control.ts';
import { type LocalAzureState, stateOf } from './control/state.ts';
import { createHeldAnswers } from './dns/held-answers.ts';
import { startDnsServer } from './dns/server.ts';
import type { Entra } from './entra/entra.ts';
import { createFaults, type Faults } from './faults.ts';
import { createLatency } from './latency.ts';
import { createRandom } from './random.ts';
import { createRegions } from './regions.ts';
import { createSqlFabric } from './sql/create-fabric.ts';
import type { SqlFabric } from './sql/fabric.ts';
import * as contoso from './topologies/contoso.ts';
import { AUDIENCES, type Description, describeLocalAzure } from './topologies/environment.ts';
import { fillApplication } from './topologies/fill-application.ts';
import { fillService } from './topologies/fill-service.ts';
import { withListeners } from './topologies/listeners.ts';
import { type AnyOptions, isApplication, requestPace } from './topologies/options.ts';
import { type Ground, startAllSites, startFront, writeFiles } from './topologies/services.ts';
import { createProbe } from './traffic-manager/probe.ts';
import { createTrafficManager } from './traffic-manager/traffic-manager.ts';
import { lookUp } from './traffic-manager/zone.ts';
import { createRoutes } from './web/routes.ts';

export interface LocalAzure {
  /** What `npm run local-azure` prints: places, and the environment of a job. */
  readonly description: Description;
  /** The authority to trust, PEM. */
  readonly ca: string;
  readonly faults: Faults;
  readonly fabric: SqlFabric;
  /** Instances: how they behave, what they answer. */
  readonly compute: ComputeFabric;
  readonly arm: Arm;
  readonly entra: Entra;
  /** As the company's own workflow does: makes the site where it is not there. Throws for unknown versions. */
  deploy(site: string, deploymentSlot: string | null, version: string): Promise<void>;
  /** Of every link there is now; null stops shipping. */
  setReplicationLag(ms: number | null): void;
  /** A disaster takes everything in a region, or the region returns: at once, also for the call under way. */
  setRegionDown(region: string, down: boolean): void;
  /** Resolvers go on answering as they did, whatever has changed since; false: they ask again. */
  holdDnsAnswers(held: boolean): void;
  state(): LocalAzureState;
  close(): Promise<void>;
}

/**
 * Resolves when everything answers. Whatever was started is closed again where a part fails to start.
 * @param clock the machine's, or one that lets hours pass at once.
 */
export async function startLocalAzure(
  options: AnyOptions,
  clock: Clock = systemClock(),
): Promise<LocalAzure> {
  const ground: Ground = {
    options,
    clock,
    random: createRandom(options.seed),
    faults: createFaults(),
    latency: createLatency(options.latency, options.scale, options.durations),
    certificates: await createCertificates(),
    routes: createRoutes(),
    regions: createRegions(),
    closers: [],
  };
  try {
    return await start(ground);
  } catch (error) {
    await closeAll(ground);
    throw error;
  }
}

async function closeAll({ closers }: Ground): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

async function start(ground: Ground): Promise<LocalAzure> {
  const { options, random, faults, clock, latency, closers } = ground;
  const compute = createComputeFabric(ground);
  const passwords = { sqlAdministrator: random.password(), application: random.password() };
  const clientSecret = random.password();
  const fabric = createSqlFabric(ground);
  closers.push(() => fabric.close());
  fabric.addEntraPrincipal(contoso.PRINCIPAL);
  const routes = withListeners(ground.routes, fabric);
  const sites = await startAllSites({ ...ground, routes });
  const traffic = createTrafficManager({ clock, latency, probe: createProbe(routes) });
  closers.push(() => traffic.close());
  const front = await startFront(ground, clientSecret);
  const arm = createArm({
    ...ground,
    subscriptionId: contoso.IDS.subscription,
    tenantId: contoso.IDS.tenant,
    audiences: [AUDIENCES.resourceManager, 'https://management.azure.com/'],
    authority: `${front.url}/${contoso.IDS.tenant}`,
    verifyToken: front.entra.verify,
    fabric,
    web: sites,
    traffic,
    compute,
    requestPace: requestPace(options),
  });
  front.handlers.push(arm);

  const parts = { ground, arm, fabric, compute, sites, traffic, front, passwords };
  const contents = isApplication(options) ? await fillApplication(parts, options) : await fillService(parts);
  const { sql, zone, publicName } = contents;
  const answers = createHeldAnswers((name) => lookUp(name, zone), publicName);
  const dns = await startDnsServer({ faults, clock, answer: answers.answer });
  closers.push(() => dns.close());

  const state = () => stateOf(arm, fabric, traffic, ground.regions, lookUp(publicName, zone));
  const operations = {
    deploy: async (...deployment: Parameters<typeof contents.deploy>) => contents.deploy(...deployment),
    setReplicationLag: (ms: number | null) => setLags(fabric, ms),
    setRegionDown: ground.regions.setDown,
    holdDnsAnswers: answers.hold,
    state,
  };
  const instances = { compute, autoscale: arm.insights.autoscale };
  const control = await startControl({
    faults,
    ...operations,
    ...(isApplication(options) ? {} : { instances }),
  });
  closers.push(() => control.close());

  const files = await writeFiles(ground);
  const description = describeLocalAzure(
    {
      ...files,
      topology: options.topology,
      resourceManager: front.url,
      authority: front.url,
      dns: `127.0.0.1:${dns.port}`,
      control: control.url,
      sql,
      connectTo: routes.connectTo(),
      github: front.github,
    },
    {
      clientSecret,
      sqlAdministrator: { user: contoso.SQL_ADMINISTRATOR, password: passwords.sqlAdministrator },
      sqlLogins: isApplication(options) && options.sqlLogins,
    },
  );
  const close = () => closeAll(ground);
  return {
    description,
    ca: ground.certificates.ca,
    faults,
    fabric,
    compute,
    arm,
    entra: front.entra,
    ...operations,
    close,
  };
}

function setLags(fabric: SqlFabric, ms: number | null): void {
  for (const { serverName } of fabric.hosts()) {
    for (const database of fabric.databases(serverName)) {
      // As the secondary lists it: what a failover left behind is listed by the old primary only.
      const incoming = fabric
        .links(serverName, database)
        .filter(({ secondary }) => secondary.server === serverName);
      for (const { id } of incoming) fabric.setReplicationLag(id, ms);
    }
  }
}

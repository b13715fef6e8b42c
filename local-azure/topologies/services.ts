// The parts of an embedded Azure that listen, started one by one.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Certificates } from '../certificates.ts';
import type { Clock } from '../clock.ts';
import { createEntra, type Entra } from '../entra/entra.ts';
import { createGitHubOidc, GITHUB_ISSUER } from '../entra/github-oidc.ts';
import { type RequestHandler, startEntra } from '../entra/server.ts';
import { sqlTokenVerifier } from '../entra/sql-token.ts';
import type { Faults } from '../faults.ts';
import type { Latency } from '../latency.ts';
import type { Random } from '../random.ts';
import type { Regions } from '../regions.ts';
import type { SessionHost } from '../sql/session.ts';
import { startTdsServer } from '../sql/tds/server.ts';
import type { Routes } from '../web/routes.ts';
import { type Sites, startSites } from '../web/sites.ts';
import * as contoso from './contoso.ts';
import { AUDIENCES } from './environment.ts';
import { type AnyOptions, isApplication } from './options.ts';
import { allSitePlaces } from './site-places.ts';
import { writeServiceWorkspace, writeWorkspace } from './workspace.ts';

/** What every part is given. */
export interface Ground {
  readonly options: AnyOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly latency: Latency;
  readonly certificates: Certificates;
  readonly routes: Routes;
  readonly regions: Regions;
  /** Called in reverse order at the end. */
  readonly closers: (() => Promise<void> | void)[];
}

/** Front ends of the deployment units, with the names of the topology's sites leading to them; of a service none. */
export async function startAllSites({
  options,
  certificates,
  routes,
  regions,
  faults,
  clock,
  closers,
}: Ground): Promise<Sites> {
  const application = isApplication(options) ? options : null;
  const slots: readonly contoso.ContosoSlot[] =
    application === null ? [] : contoso.SLOTS[application.topology];
  const sites = await startSites({
    tls: certificates,
    ca: certificates.ca,
    routes,
    regions,
    faults,
    clock,
    stamps: slots
      .flatMap((slot) => contoso.regionsOf(slot))
      .map((place) => ({
        name: place.stamp,
        resourceGroups: [place.resourceGroup],
        location: place.region.name,
      })),
    connectionString: contoso.CONNECTION_STRING,
  });
  closers.push(() => sites.close());
  for (const { name, deploymentSlot, host } of application === null ? [] : allSitePlaces(application)) {
    const { https, http } = sites.addresses(host.stamp);
    routes.set(contoso.siteHost(name, deploymentSlot), 443, https);
    routes.set(contoso.siteHost(name, deploymentSlot), 80, http);
  }
  return sites;
}

export interface Front {
  /** https://localhost:port, of Entra, GitHub's token endpoint and resource manager. */
  readonly url: string;
  readonly entra: Entra;
  /** Asked in order; resource manager joins when it is there. */
  readonly handlers: RequestHandler[];
  readonly github: { readonly requestUrl: string; readonly requestToken: string };
}

/** One HTTPS server for all that is not data: Entra first, resource manager when it is added. */
export async function startFront(ground: Ground, clientSecret: string): Promise<Front> {
  const github = await createGitHubOidc({
    ...ground,
    repository: contoso.GITHUB.repository,
    subject: ground.options.jobSubject,
  });
  const entra = await createEntra({
    ...ground,
    tenant: contoso.IDS.tenant,
    principals: [
      {
        ...contoso.PRINCIPAL,
        secrets: [clientSecret],
        federatedCredentials: [
          { issuer: GITHUB_ISSUER, subject: contoso.GITHUB.subject, audience: AUDIENCES.tokenExchange },
        ],
      },
    ],
    issuers: [github.trustedIssuer],
  });
  const handlers: RequestHandler[] = [entra, github];
  const server = await startEntra(handlers, ground.certificates);
  ground.closers.push(() => server.close());
  const { authority: url } = server;
  return {
    url,
    entra,
    handlers,
    github: { requestUrl: github.requestUrl(url), requestToken: github.requestToken },
  };
}

/** A logical server's endpoint on the wire. Returns `address:port`. */
export async function serveSql(ground: Ground, host: SessionHost, { entra, url }: Front): Promise<string> {
  const server = await startTdsServer({
    ...ground,
    host,
    certificate: ground.certificates,
    verifySqlToken: sqlTokenVerifier(entra, AUDIENCES.sql),
    fedAuth: { stsUrl: `${url}/${contoso.IDS.tenant}`, servicePrincipalName: AUDIENCES.sql },
  });
  ground.closers.push(() => server.close());
  const address = { host: '127.0.0.1', port: server.port };
  ground.routes.set(contoso.sqlHost(host.serverName), 1433, address);
  return `${address.host}:${address.port}`;
}

/** The authority's certificate, the job's workspace and its temporary directory. */
export async function writeFiles({ options, certificates, closers }: Ground) {
  const temporary = await mkdtemp(join(tmpdir(), 'local-azure-'));
  closers.push(() => rm(temporary, { recursive: true, force: true }));
  const workspace = options.workspace === null ? join(temporary, 'workspace') : resolve(options.workspace);
  await mkdir(workspace, { recursive: true });
  const config = isApplication(options)
    ? (await writeWorkspace(workspace, options)).configs['2.0.0']
    : await writeServiceWorkspace(workspace);
  const caFile = join(temporary, 'ca.pem');
  await writeFile(caFile, certificates.ca);
  return { temporary, workspace, caFile, config };
}

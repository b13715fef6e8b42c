// The committed bundle as a job runs it: child processes, real sockets, the embedded Azure.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ActionRun, runAction, type Watch } from '../../local-azure/runner/action-runner.ts';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { DEFAULTS, type LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import type { EndpointView, RunReport } from '../../src/engine/report.ts';

/** ROLLING_UPGRADE_BUNDLE: another build than the committed one, for trying a change before dist is made. */
export const BUNDLE =
  process.env.ROLLING_UPGRADE_BUNDLE ?? fileURLToPath(new URL('../../dist/index.js', import.meta.url));

export interface Acted {
  readonly run: ActionRun;
  readonly report: RunReport;
  /** Calls that reached the embedded Azure while the action ran, main and post. */
  readonly calls: readonly string[];
}

/** Of single-region, then of geo-redundant. */
export type SqlServer =
  | 'contoso-sql-blue'
  | 'contoso-sql-green'
  | 'contoso-sql-1'
  | 'contoso-sql-dr'
  | 'contoso-sql-2'
  | 'contoso-sql-3';

/** What jobs, and the people who write their repository, do on an embedded Azure of any topology. */
export interface Jobs {
  /**
   * Runs the action once, main and post.
   * @param environment changes of what the job's environment holds; undefined takes a variable away.
   */
  act(
    inputs: Readonly<Record<string, string>>,
    watch?: Watch,
    environment?: Readonly<Record<string, string | undefined>>,
  ): Promise<Acted>;
  /** Replaces text in a file of the workspace. */
  editConfig(edit: (text: string) => string, file?: string): void;
  write(file: string, text: string): void;
}

export interface Scenario extends Jobs {
  readonly azure: LocalAzure;
  /** Rows of a query, outside any session. `database` is the application's own where not given. */
  rows(server: SqlServer, query: string, database?: string): readonly Record<string, unknown>[];
  readOnly(server: SqlServer, database?: string): boolean;
  close(): Promise<void>;
}

export async function startScenario(options: Partial<LocalAzureOptions> = {}): Promise<Scenario> {
  const directory = mkdtempSync(join(tmpdir(), 'acceptance-'));
  const azure = await startLocalAzure({ ...DEFAULTS, orders: 20, ttlSeconds: 1, ...options });
  return {
    ...jobsOn(azure, directory),
    azure,
    rows: (server, query, database = 'contoso') => azure.fabric.inspect(server, database, query),
    readOnly: (server, database = 'contoso') => azure.fabric.isReadOnly(server, database),
    close: async () => {
      await azure.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** @param directory where the runner's files go. */
export function jobsOn(azure: LocalAzure, directory: string): Jobs {
  const workspace = azure.description.environment.GITHUB_WORKSPACE ?? directory;
  let calls: string[] = [];
  azure.faults.onCall((call) => calls.push(call));
  return {
    act: async (inputs, watch, changes = {}) => {
      calls = [];
      const environment = variables({
        ...azure.description.environment,
        // Every run is a process of its own that reads the same bundle: a quarter of its work is compiling it.
        NODE_COMPILE_CACHE: join(tmpdir(), 'rolling-upgrade-compiled'),
        ...changes,
      });
      const run = await runAction({ bundle: BUNDLE, environment, directory }, inputs, watch);
      const path = run.post?.outputs.report ?? run.main.outputs.report;
      return { run, report: path ? readReport(path) : noReport(run), calls };
    },
    editConfig: (edit, file = '.github/rolling-upgrade.yml') => {
      const path = join(workspace, file);
      writeFileSync(path, edit(readFileSync(path, 'utf8')));
    },
    write: (file, text) => writeFileSync(join(workspace, file), text),
  };
}

function variables(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function readReport(path: string): RunReport {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** A killed main leaves none; a test that looks at it then learns what the log said. */
function noReport(run: ActionRun): RunReport {
  return new Proxy({} as RunReport, {
    get: (_none, name) => {
      throw new Error(
        `no report was written (asked for ${String(name)})\n${run.main.log}\n${run.post?.log ?? ''}`,
      );
    },
  });
}

/** The slot's row of the endpoint table, in its primary region. */
export function slotView(views: readonly EndpointView[], slot: string): EndpointView {
  const view = views.find((one) => one.slot === slot && !one.standby);
  if (!view) throw new Error(`no endpoint of slot ${slot}`);
  return view;
}

/** Calls that change something in Azure; looking (GET, list POSTs, permissions) is not among them. */
export function writes(calls: readonly string[]): string[] {
  return calls.filter((call) => {
    if (/^arm (PUT|PATCH|DELETE) /i.test(call)) return true;
    if (/^arm POST /i.test(call)) return !/\/list$|checkTrafficManagerNameAvailability/i.test(call);
    return (
      /^sql batch /i.test(call) &&
      /\b(ALTER (DATABASE|TABLE|VIEW|ROLE|USER)|CREATE|DROP|DENY|KILL|INSERT|UPDATE|DELETE|sp_(add|update)extendedproperty)\b/i.test(
        call,
      )
    );
  });
}

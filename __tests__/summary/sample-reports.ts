// Reports as the product would write them, for tests and for looking at what comes of them.
import type {
  DatabaseView,
  EndpointView,
  Plan,
  PlannedStep,
  RunReport,
  StepRecord,
} from '../../src/engine/report.ts';

const BLUE = 'contoso-sql-blue';
const GREEN = 'contoso-sql-green';

export function database(
  server: string,
  access: DatabaseView['access'],
  replication: string | null = null,
): DatabaseView {
  return { name: 'contoso', server, access, replication };
}

export function blue(change: Partial<EndpointView> = {}): EndpointView {
  return {
    endpoint: 'blue',
    slot: 'blue',
    role: 'production',
    standby: false,
    region: 'North Europe',
    site: 'contoso-blue',
    status: 'Enabled',
    monitorStatus: 'Online',
    priority: 1,
    databases: [database(BLUE, 'read-write', `primary of ${GREEN}, CATCH_UP`)],
    version: '1.0.0',
    ...change,
  };
}

export function green(change: Partial<EndpointView> = {}): EndpointView {
  return {
    endpoint: 'green',
    slot: 'green',
    role: 'stage',
    standby: false,
    region: 'North Europe',
    site: 'contoso-green',
    status: 'Disabled',
    monitorStatus: 'Disabled',
    priority: 2,
    databases: [database(GREEN, 'read-only', `secondary of ${BLUE}, CATCH_UP`)],
    version: '1.0.0',
    ...change,
  };
}

export function step(change: Partial<StepRecord> & Pick<StepRecord, 'id' | 'title'>): StepRecord {
  return {
    article: null,
    phase: 'upgrade',
    state: 'done',
    startedAt: '2026-03-01T10:00:00Z',
    seconds: 1.2,
    evidence: [],
    ...change,
  };
}

const PLANNED: readonly PlannedStep[] = [
  planned(
    'secondary',
    '(1)',
    'prepare',
    'done',
    'Create the secondary database on the stage slot',
    'creates `contoso` on `contoso-sql-green` (S1)',
    'the stage database is removed',
  ),
  planned('site', '(1)', 'prepare', 'done', 'Verify the stage web site', '', null),
  planned(
    'profile',
    '(2)',
    'prepare',
    'to-do',
    'Add the stage endpoint, offline',
    'adds endpoint `green`, Disabled, priority 2',
    'the endpoint is removed',
  ),
  planned(
    'freeze',
    '(3)',
    'upgrade',
    'later',
    'Freeze production',
    'sets `contoso` on `contoso-sql-blue` read-only',
    'set read-write again',
  ),
  planned(
    'drain',
    '(4)',
    'upgrade',
    'later',
    'Drain and terminate the link',
    'removes the geo-replication link',
    'production is unfrozen; the stage database stays as it is',
  ),
  planned(
    'script',
    '(5)',
    'upgrade',
    'later',
    'Run the upgrade script on the stage database',
    'runs 3 batches of `v2.sql`',
    'production is unfrozen; it never saw the script',
  ),
  {
    ...planned(
      'switch',
      '(6)',
      'switch',
      'later',
      'Stage endpoint online, production endpoint offline',
      'one write of the profile `contoso`',
      null,
    ),
    pointOfNoReturn: true,
  },
  planned(
    'remove',
    '(7)',
    'cleanup',
    'later',
    'Remove V1',
    'deletes `contoso` on `contoso-sql-blue` and site `contoso-blue`',
    null,
  ),
];

function planned(
  id: string,
  article: string,
  phase: PlannedStep['phase'],
  state: PlannedStep['state'],
  title: string,
  changes: string,
  undo: string | null,
): PlannedStep {
  const evidence = state === 'done' ? ['seen in Azure, CATCH_UP on both sides'] : [];
  return { id, title, article, phase, state, changes, undo, pointOfNoReturn: false, evidence };
}

export const PLAN: Plan = {
  steps: PLANNED,
  guards: [
    {
      id: 'permissions',
      title: 'Rights on both servers',
      verdict: 'pass',
      reason: null,
      evidence: 'all 14 actions are granted on both resource groups',
      advice: '',
    },
    {
      id: 'same-region-endpoints',
      title: 'Two App Service endpoints of one region in one profile',
      verdict: 'fail',
      reason: 'same-region-endpoints',
      evidence: 'blue and green are both azureEndpoints in North Europe',
      advice:
        'Set `endpoint.type: external` for the stage slot; Azure refuses two App Service endpoints of one region.',
    },
    {
      id: 'time-left',
      title: 'Job time left for the window',
      verdict: 'not-knowable',
      reason: null,
      evidence: 'the job does not tell its timeout',
      advice: 'Set `timeout-minutes` to at least 60.',
    },
  ],
  factors: [
    {
      factor: 'availability',
      answer: 'users read but cannot write for about 40 s, at most 15 min',
      details: ['freeze 1 s, drain 5 s, link 12 s, script 8 s, switch and DNS 14 s', 'DNS answers live 10 s'],
    },
    { factor: 'rollback', answer: 'at any moment before the switch, in about 2 s', details: [] },
    {
      factor: 'catastrophe',
      answer: 'between (4) and (7) production has no geo-replica; restore from backup loses up to 10 min',
      details: [],
    },
    { factor: 'cost', answer: 'one more S1 database and one more plan, about 0.04 EUR an hour', details: [] },
  ],
  twice: [
    { resource: 'contoso on contoso-sql-green', sku: 'S1', since: '2026-03-01 09:12 UTC' },
    { resource: 'contoso-green-plan', sku: 'P0v3', since: 'not known' },
  ],
};

const BASE: RunReport = {
  schemaVersion: 1,
  product: { name: 'rolling-upgrade', version: '0.1.0' },
  application: 'contoso orders',
  topology: 'single-region',
  phases: ['upgrade', 'switch'],
  upgradeId: '20260301-095912-7f3a',
  runUrl: 'https://github.com/contoso/orders/actions/runs/4711/attempts/1',
  startedAt: '2026-03-01T09:59:12Z',
  endedAt: '2026-03-01T10:01:02Z',
  result: 'succeeded',
  reasonCode: null,
  verdict: { headline: '', next: [] },
  state: 'switched',
  productionSlot: 'blue',
  publicName: 'www.contoso.example',
  before: [blue(), green()],
  after: [blue(), green()],
  steps: [],
  rollback: [],
  readOnly: null,
  plan: null,
  service: null,
  error: null,
};

const UPGRADE_STEPS: readonly StepRecord[] = [
  step({ id: 'guards', title: 'Guards', seconds: 4.1, evidence: ['14 of 14 passed'] }),
  step({
    id: 'parse',
    title: 'Read the upgrade script',
    seconds: 0.1,
    evidence: ['`v2.sql`: 3 batches, no unresolved variable'],
  }),
  step({
    id: 'freeze',
    article: '(3)',
    title: 'Freeze production',
    seconds: 0.9,
    evidence: [
      '`contoso` on `contoso-sql-blue` answers READ_ONLY; 2 sessions were rolled back after 5 s of grace',
    ],
  }),
  step({
    id: 'drain',
    article: '(4)',
    title: 'Drain and terminate the link',
    seconds: 12.6,
    evidence: [
      'replication_lag_sec 0 on both sides',
      '1 204 rows in `dbo.Orders` on both sides',
      'link b7c1… is gone on both sides',
      'last_commit equal',
      'stage is ONLINE and writable',
    ],
  }),
];

export const PLANNED_ONLY: RunReport = {
  ...BASE,
  phases: ['plan'],
  state: 'not-prepared',
  verdict: {
    headline:
      'Nothing was changed. 1 guard stands in the way of `prepare`; users are on blue (1.0.0), reading and writing.',
    next: ['Correct what the guard names, then run `phase: plan` again.'],
  },
  before: [
    blue({ databases: [database(BLUE, 'read-write')] }),
    green({
      status: 'absent',
      monitorStatus: null,
      priority: null,
      databases: [database(GREEN, 'absent')],
      version: null,
    }),
  ],
  after: [
    blue({ databases: [database(BLUE, 'read-write')] }),
    green({
      status: 'absent',
      monitorStatus: null,
      priority: null,
      databases: [database(GREEN, 'absent')],
      version: null,
    }),
  ],
  plan: PLAN,
};

export const SWITCHED: RunReport = {
  ...BASE,
  verdict: {
    headline:
      'Version 2.0.0 serves all users from green, reading and writing. They could not write for 41.3 s.',
    next: [
      'Watch version 2.0.0. Then remove version 1:\ngh workflow run upgrade.yml -f phase=cleanup -f confirm=contoso-blue',
      'Until then blue stays as it was at the freeze.',
    ],
  },
  productionSlot: 'green',
  after: [
    blue({
      role: 'stage',
      standby: false,
      status: 'Disabled',
      monitorStatus: 'Disabled',
      databases: [database(BLUE, 'read-only')],
    }),
    green({
      role: 'production',
      standby: false,
      status: 'Enabled',
      monitorStatus: 'Online',
      priority: 1,
      databases: [database(GREEN, 'read-write')],
      version: '2.0.0',
    }),
  ],
  steps: [
    ...UPGRADE_STEPS,
    step({
      id: 'script',
      article: '(5)',
      title: 'Run the upgrade script on the stage database',
      seconds: 8.4,
      evidence: ['3 of 3 batches; `dbo.Orders.Currency` added'],
    }),
    step({
      id: 'verify',
      phase: 'switch',
      title: 'Verify V2 on its own address',
      seconds: 3.0,
      evidence: [
        '`https://contoso-green.azurewebsites.net/health` answered 200, version 2.0.0, 3 times in a row',
      ],
    }),
    step({
      id: 'switch',
      phase: 'switch',
      article: '(6)',
      title: 'Stage endpoint online, production endpoint offline',
      seconds: 16.4,
      evidence: ['one write, read back', '`www.contoso.example` answers 2.0.0'],
    }),
  ],
  readOnly: {
    from: '2026-03-01T10:00:03Z',
    to: '2026-03-01T10:00:44Z',
    seconds: 41.3,
    spentOn: [
      { what: 'drain and planned termination', seconds: 12.6 },
      { what: 'upgrade script', seconds: 8.4 },
      { what: 'verifying V2', seconds: 3 },
      { what: 'switch', seconds: 16.4 },
      { what: 'other', seconds: 0.9 },
    ],
  },
  plan: { ...PLAN, guards: PLAN.guards.slice(0, 1) },
};

export const ROLLED_BACK: RunReport = {
  ...BASE,
  result: 'rolled-back',
  reasonCode: 'script-failed',
  state: 'compromised',
  verdict: {
    headline:
      'The upgrade script failed and everything was taken back: users are on blue (1.0.0), reading and writing again after 23.2 s.',
    next: [
      'Correct `v3.sql`, line 12.',
      'Remove the stage database, then prepare again:\ngh workflow run upgrade.yml -f phase=rollback\ngh workflow run upgrade.yml -f phase=prepare',
    ],
  },
  after: [
    blue({ databases: [database(BLUE, 'read-write')] }),
    green({ databases: [database(GREEN, 'read-write')] }),
  ],
  steps: [
    ...UPGRADE_STEPS,
    step({
      id: 'script',
      article: '(5)',
      title: 'Run the upgrade script on the stage database',
      state: 'failed',
      seconds: 7.7,
      evidence: ['batch 2 of 3, `v3.sql` line 12: Msg 4902, level 16, state 1'],
    }),
    step({
      id: 'verify',
      phase: 'switch',
      title: 'Verify V2 on its own address',
      state: 'not-reached',
      startedAt: null,
      seconds: null,
    }),
    step({
      id: 'switch',
      phase: 'switch',
      article: '(6)',
      title: 'Stage endpoint online, production endpoint offline',
      state: 'not-reached',
      startedAt: null,
      seconds: null,
    }),
  ],
  rollback: [
    step({
      id: 'unfreeze',
      article: '(8)',
      title: 'Unfreeze production',
      state: 'undone',
      seconds: 0.6,
      evidence: ['`contoso` on `contoso-sql-blue` answers READ_WRITE'],
    }),
    step({ id: 'keep', article: '(9)', title: 'Keep the stage slot for root cause analysis', seconds: 0 }),
  ],
  readOnly: {
    from: '2026-03-01T10:00:03Z',
    to: '2026-03-01T10:00:26Z',
    seconds: 23.2,
    spentOn: [
      { what: 'drain and planned termination', seconds: 12.6 },
      { what: 'upgrade script', seconds: 7.7 },
      { what: 'rollback', seconds: 2.9 },
    ],
  },
  plan: { ...PLAN, guards: PLAN.guards.slice(0, 1) },
  error: {
    reason: 'script-failed',
    message:
      'Batch 2 of 3 failed at `v3.sql` line 12: Cannot find the object "dbo.Invoices" because it does not exist or you do not have permissions.',
    advice: ['Correct `v3.sql`, line 12.'],
    causes: [
      'Batch 2 of 3 (v3.sql lines 8-14) failed',
      'Msg 4902, Level 16, State 1, Line 5: Cannot find the object "dbo.Invoices" because it does not exist or you do not have permissions.',
    ],
  },
};

export const ROLLBACK_FAILED: RunReport = {
  ...ROLLED_BACK,
  result: 'rollback-failed',
  reasonCode: 'unfreeze-failed',
  state: 'frozen',
  verdict: {
    headline: 'USERS CANNOT WRITE: production (blue) is read-only and could not be unfrozen.',
    next: [
      'Set the database read-write, connected to `master` on `contoso-sql-blue.database.windows.net`:\nALTER DATABASE [contoso] SET READ_WRITE;',
      'Or let the tool do it as soon as the server answers:\ngh workflow run upgrade.yml -f phase=rollback',
    ],
  },
  after: [
    blue({ monitorStatus: 'Degraded', databases: [database(BLUE, 'read-only')] }),
    green({ databases: [database(GREEN, 'unreachable')], version: null }),
  ],
  rollback: [
    step({
      id: 'unfreeze',
      article: '(8)',
      title: 'Unfreeze production',
      state: 'undo-failed',
      seconds: 184.2,
      evidence: [
        "6 attempts; the last one: `40613` Database 'contoso' on server 'contoso-sql-blue' is not currently available",
      ],
    }),
    step({
      id: 'keep',
      article: '(9)',
      title: 'Keep the stage slot for root cause analysis',
      state: 'not-reached',
      startedAt: null,
      seconds: null,
    }),
  ],
  readOnly: {
    from: '2026-03-01T10:00:03Z',
    to: null,
    seconds: 211.5,
    spentOn: [
      { what: 'drain and planned termination', seconds: 12.6 },
      { what: 'upgrade script', seconds: 7.7 },
      { what: 'rollback', seconds: 191.2 },
    ],
  },
  error: {
    reason: 'unfreeze-failed',
    message: 'contoso on contoso-sql-blue could not be set read-write within 3 minutes.',
    advice: [],
    causes: [
      'ALTER DATABASE [contoso] SET READ_WRITE failed 6 times',
      "Msg 40613, Level 17, State 1: Database 'contoso' on server 'contoso-sql-blue' is not currently available. Please retry the connection later.",
      'before that: Msg 4902, Level 16, State 1, Line 5: Cannot find the object "dbo.Invoices".',
    ],
  },
};

export const SAMPLES: Readonly<Record<string, RunReport>> = {
  plan: PLANNED_ONLY,
  switched: SWITCHED,
  'rolled back': ROLLED_BACK,
  'rollback failed': ROLLBACK_FAILED,
};

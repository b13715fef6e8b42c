import type { RunReport } from '../../src/engine/report.ts';

/** The report of an upgrade that was rolled back. */
export const report: RunReport = {
  schemaVersion: 1,
  product: { name: 'rolling-upgrade', version: '0.1.0' },
  application: 'contoso',
  topology: 'single-region',
  phases: ['upgrade'],
  upgradeId: 'u1',
  runUrl: null,
  startedAt: '2026-11-21T10:00:00.000Z',
  endedAt: '2026-11-21T10:01:00.000Z',
  result: 'rolled-back',
  reasonCode: 'script-failed',
  verdict: {
    headline: 'Rolled back: users are on V1, read and write.',
    next: ['Mend db/2.sql and run upgrade again.'],
  },
  state: 'compromised',
  productionSlot: 'blue',
  publicName: 'www.contoso.example',
  before: [],
  after: [
    {
      endpoint: 'blue',
      slot: 'blue',
      role: 'production',
      standby: false,
      region: 'North Europe',
      site: 'contoso-blue',
      status: 'Enabled',
      monitorStatus: 'Online',
      priority: 1,
      databases: [],
      version: '1.0.0',
    },
  ],
  steps: [],
  rollback: [],
  readOnly: { from: '2026-11-21T10:00:10.000Z', to: '2026-11-21T10:00:31.400Z', seconds: 21.4, spentOn: [] },
  plan: null,
  error: { reason: 'script-failed', message: 'db/2.sql, line 3', advice: ['Mend it.'], causes: ['Msg 207'] },
};

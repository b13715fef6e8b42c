// A worker of which one job never comes back. The others do only in the process that comes after: a job's id is the file that
// tells of it.
import { existsSync, writeFileSync } from 'node:fs';

process.on('message', ({ number, job }) => {
  const { id } = job.planned;
  if (id === 'stuck') return;
  if (existsSync(id)) process.send?.({ number, result: { kind: 'tried', id } });
  else writeFileSync(id, '');
});

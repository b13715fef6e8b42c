import './action/node-version.ts';
import './action/heap.ts';
import { runAction } from './action/run-action.ts';

// A socket that a server keeps open must not keep the job open.
process.exit(await runAction(process.env));

// Imported into the action's process before it begins: notes the files of its program as they are read, one name a line.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename } from 'node:path';

const list = process.env.NOTE_FILES_IN;

registerHooks({
  load: (url, context, next) => {
    if (list && url.startsWith('file:')) appendFileSync(list, `${basename(new URL(url).pathname)}\n`);
    return next(url, context);
  },
});

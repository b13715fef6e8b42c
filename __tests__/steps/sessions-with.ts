// Sessions whose connections are whatever a test gives; nothing is opened, lost or closed.
import type { Sessions } from '../../src/azure/tsql/sessions.ts';

export function sessionsWith(on: Sessions['on']): Sessions {
  return {
    on,
    onTaking: (target, take) => on(target, take),
    drop: async () => {},
    closeAll: async () => {},
  };
}

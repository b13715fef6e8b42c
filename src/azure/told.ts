// What Azure always tells, and once does not: better said than taken for something else.
import { AzureError } from './errors.ts';

/** The value. Throws AzureError where the answer lacks it. @param what as a reader would say it. */
export function told<T>(value: T | null | undefined, what: string): T {
  if (value !== undefined && value !== null && value !== '') return value;
  throw new AzureError(`Azure's answer does not tell ${what}; without it nothing can be concluded from it`, {
    status: 200,
    code: null,
    correlationId: null,
    outcomeUnknown: false,
  });
}

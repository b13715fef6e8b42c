// What statements fail with while they run: values, constraints, transactions, calls.
import type { ErrorTemplates } from './template.ts';

export const DATA_ERRORS: ErrorTemplates = {
  148: { severity: 15, text: "Incorrect time syntax in time string '%s' used with WAITFOR." },
  201: { state: 4, text: "Procedure or function '%s' expects parameter '%s', which was not supplied." },
  217: {
    effect: 'transaction',
    text: 'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
  },
  220: { effect: 'statement', text: 'Arithmetic overflow error for data type %s, value = %s.' },
  226: { state: 6, effect: 'batch', text: '%s statement not allowed within multi-statement transaction.' },
  235: {
    effect: 'transaction',
    text: 'Cannot convert a char value to money. The char value has incorrect syntax.',
  },
  241: {
    effect: 'transaction',
    text: 'Conversion failed when converting date and/or time from character string.',
  },
  245: {
    effect: 'transaction',
    text: "Conversion failed when converting the %s value '%s' to data type %s.",
  },
  248: { effect: 'transaction', text: "The conversion of the %s value '%s' overflowed an int column." },
  266: {
    state: 2,
    text: 'Transaction count after EXECUTE indicates a mismatching number of BEGIN and COMMIT statements. Previous count = %s, current count = %s.',
  },
  512: {
    text: 'Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.',
  },
  515: {
    state: 2,
    text: "Cannot insert the value NULL into column '%s', table '%s'; column does not allow nulls. %s fails.",
  },
  517: { text: "Adding a value to a '%s' column caused an overflow." },
  535: {
    text: 'The %s function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use the function with a less precise datepart.',
  },
  537: { state: 3, text: 'Invalid length parameter passed to the LEFT or SUBSTRING function.' },
  544: {
    text: "Cannot insert explicit value for identity column in table '%s' when IDENTITY_INSERT is set to OFF.",
  },
  545: {
    text: "Explicit value must be specified for identity column in table '%s' either when IDENTITY_INSERT is set to ON or when a replication user is inserting into a NOT FOR REPLICATION identity column.",
  },
  547: {
    state: 0,
    text: 'The %s statement conflicted with the %s constraint "%s". The conflict occurred in database "%s", table "%s"%s.',
  },
  596: {
    severity: 21,
    effect: 'transaction',
    text: 'Cannot continue the execution because the session is in the kill state.',
  },
  628: { text: 'Cannot issue SAVE TRANSACTION when there is no active transaction.' },
  1205: {
    severity: 13,
    state: 45,
    effect: 'transaction',
    text: 'Transaction (Process ID %s) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.',
  },
  1222: { state: 51, text: 'Lock request time out period exceeded.' },
  1223: {
    text: "Cannot release the application lock (Database Principal: 'public', Resource: '%s') because it is not currently held.",
  },
  2601: {
    severity: 14,
    text: "Cannot insert duplicate key row in object '%s' with unique index '%s'. The duplicate key value is (%s).",
  },
  2627: {
    severity: 14,
    text: "Violation of %s constraint '%s'. Cannot insert duplicate key in object '%s'. The duplicate key value is (%s).",
  },
  2628: {
    text: "String or binary data would be truncated in table '%s', column '%s'. Truncated value: '%s'.",
  },
  2732: { text: 'Error number %s is invalid. The number must be from %s through %s and it cannot be 50000.' },
  2754: {
    text: 'Error severity levels greater than 18 can only be specified by members of the sysadmin role, using the WITH LOG option.',
  },
  2812: { state: 62, text: "Could not find stored procedure '%s'." },
  3902: { text: 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.' },
  3903: { text: 'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.' },
  3906: { effect: 'statement', text: 'Failed to update database "%s" because the database is read-only.' },
  3930: {
    effect: 'batch',
    text: 'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
  },
  3931: {
    text: 'The current transaction cannot be committed and cannot be rolled back to a savepoint. Roll back the entire transaction.',
  },
  3998: {
    text: 'Uncommittable transaction is detected at the end of the batch. The transaction is rolled back.',
  },
  8101: {
    text: "An explicit value for the identity column in table '%s' can only be specified when a column list is used and IDENTITY_INSERT is ON.",
  },
  8106: { text: "Table '%s' does not have the identity property. Cannot perform SET operation." },
  8107: {
    text: "IDENTITY_INSERT is already ON for table '%s'. Cannot perform SET operation for table '%s'.",
  },
  8114: { state: 5, effect: 'transaction', text: 'Error converting data type %s to %s.' },
  8115: { state: 2, effect: 'statement', text: 'Arithmetic overflow error converting %s to data type %s.' },
  8134: { effect: 'statement', text: 'Divide by zero error encountered.' },
  8143: { text: "Parameter '%s' was supplied multiple times." },
  8144: { state: 2, text: 'Procedure or function %s has too many arguments specified.' },
  8145: { state: 2, text: '%s is not a parameter for procedure %s.' },
  8162: {
    state: 2,
    text: 'The formal parameter "%s" was not declared as an OUTPUT parameter, but the actual parameter passed in requested output.',
  },
  8169: {
    state: 2,
    effect: 'transaction',
    text: 'Conversion failed when converting from a character string to uniqueidentifier.',
  },
  18054: {
    text: 'Error %s, severity %s, state %s was raised, but no message with that error number was found in sys.messages. If error is larger than 50000, make sure the user-defined message is added using sp_addmessage.',
  },
  35100: {
    state: 10,
    text: 'Error number %s in the THROW statement is outside the valid range. Specify an error number in the valid range of 50000 to 2147483647.',
  },
};

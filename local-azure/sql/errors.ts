// SQL Server's errors: number, severity, state and text as the server gives them (errors-events reference).
import type { ServerMessage } from './session.ts';

/** What an error ends: its statement, its batch (XACT_ABORT apart), or the batch with its transaction. */
export type ErrorEffect = 'statement' | 'batch' | 'transaction';

export class SqlServerError extends Error {
  override readonly name = 'SqlServerError';
  readonly number: number;
  readonly severity: number;
  readonly state: number;
  readonly effect: ErrorEffect;
  /** RAISERROR does not heed XACT_ABORT, and compile errors pass the TRY of their own batch by. */
  readonly origin: 'engine' | 'raiserror' | 'throw' | 'compile';
  /** Errors that are told after this one, as 5069 after its cause. */
  readonly followedBy: readonly SqlServerError[];
  line: number;
  procedure = '';
  /** How deep in procedures and EXEC it happened; -1 while that is not known. */
  nesting = -1;

  constructor(details: {
    number: number;
    severity: number;
    state: number;
    text: string;
    line?: number;
    effect?: ErrorEffect;
    origin?: 'engine' | 'raiserror' | 'throw' | 'compile';
    followedBy?: readonly SqlServerError[];
  }) {
    super(details.text);
    this.number = details.number;
    this.severity = details.severity;
    this.state = details.state;
    this.line = details.line ?? 0;
    this.effect = details.effect ?? 'statement';
    this.origin = details.origin ?? 'engine';
    this.followedBy = details.followedBy ?? [];
  }

  toMessage(): ServerMessage {
    const { number, severity, state, line, procedure } = this;
    return { number, severity, state, line: Math.max(line, 1), procedure, text: this.message };
  }
}

interface Template {
  readonly severity?: number;
  readonly state?: number;
  readonly effect?: ErrorEffect;
  readonly compile?: true;
  readonly text: string;
}

const TEMPLATES: Readonly<Record<number, Template>> = {
  102: { severity: 15, compile: true, text: "Incorrect syntax near '%s'." },
  104: {
    severity: 15,
    compile: true,
    text: 'ORDER BY items must appear in the select list if the statement contains a UNION, INTERSECT or EXCEPT operator.',
  },
  105: { severity: 15, compile: true, text: "Unclosed quotation mark after the character string '%s'." },
  108: {
    severity: 15,
    compile: true,
    text: 'The ORDER BY position number %s is out of range of the number of items in the select list.',
  },
  109: {
    severity: 15,
    compile: true,
    text: 'There are more columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.',
  },
  110: {
    severity: 15,
    compile: true,
    text: 'There are fewer columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.',
  },
  111: { severity: 15, compile: true, text: "'%s' must be the first statement in a query batch." },
  113: { severity: 15, compile: true, text: "Missing end comment mark '*/'." },
  116: {
    compile: true,
    text: 'Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.',
  },
  120: {
    severity: 15,
    compile: true,
    text: 'The select list for the INSERT statement contains fewer items than the insert list. The number of SELECT values must match the number of INSERT columns.',
  },
  121: {
    severity: 15,
    compile: true,
    text: 'The select list for the INSERT statement contains more items than the insert list. The number of SELECT values must match the number of INSERT columns.',
  },
  134: {
    severity: 15,
    state: 2,
    compile: true,
    text: "The variable name '%s' has already been declared. Variable names must be unique within a query batch or stored procedure.",
  },
  135: {
    severity: 15,
    compile: true,
    text: 'Cannot use a %s statement outside the scope of a WHILE statement.',
  },
  137: { severity: 15, state: 2, compile: true, text: 'Must declare the scalar variable "%s".' },
  141: {
    severity: 15,
    compile: true,
    text: 'A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.',
  },
  156: { severity: 15, compile: true, text: "Incorrect syntax near the keyword '%s'." },
  148: { severity: 15, text: "Incorrect time syntax in time string '%s' used with WAITFOR." },
  155: { severity: 15, compile: true, text: "'%s' is not a recognized %s option." },
  174: { severity: 15, compile: true, text: 'The %s function requires %s argument(s).' },
  195: { severity: 15, state: 10, compile: true, text: "'%s' is not a recognized built-in function name." },
  201: { state: 4, text: "Procedure or function '%s' expects parameter '%s', which was not supplied." },
  205: {
    compile: true,
    text: 'All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.',
  },
  206: { state: 2, compile: true, text: 'Operand type clash: %s is incompatible with %s' },
  207: { compile: true, effect: 'batch', text: "Invalid column name '%s'." },
  208: { compile: true, effect: 'batch', text: "Invalid object name '%s'." },
  209: { compile: true, effect: 'batch', text: "Ambiguous column name '%s'." },
  213: {
    compile: true,
    effect: 'batch',
    text: 'Column name or number of supplied values does not match table definition.',
  },
  217: {
    effect: 'transaction',
    text: 'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
  },
  220: { effect: 'statement', text: 'Arithmetic overflow error for data type %s, value = %s.' },
  226: { state: 6, effect: 'batch', text: '%s statement not allowed within multi-statement transaction.' },
  229: {
    severity: 14,
    state: 5,
    text: "The %s permission was denied on the object '%s', database '%s', schema '%s'.",
  },
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
  259: { text: 'Ad hoc updates to system catalogs are not allowed.' },
  262: { severity: 14, state: 1, text: "%s permission denied in database '%s'." },
  263: { compile: true, text: 'Must specify table to select from.' },
  264: {
    compile: true,
    text: "The column name '%s' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause.",
  },
  266: {
    state: 2,
    text: 'Transaction count after EXECUTE indicates a mismatching number of BEGIN and COMMIT statements. Previous count = %s, current count = %s.',
  },
  268: {
    text: 'Cannot run SELECT INTO in this database. The database owner must run sp_dboption to enable this option.',
  },
  297: { text: 'The user does not have permission to perform this action.' },
  300: { severity: 14, text: "%s permission was denied on object '%s', database '%s'." },
  504: { text: "'%s' is not a valid option here." },
  512: {
    text: 'Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.',
  },
  515: {
    state: 2,
    text: "Cannot insert the value NULL into column '%s', table '%s'; column does not allow nulls. %s fails.",
  },
  517: { text: "Adding a value to a '%s' column caused an overflow." },
  529: { state: 2, compile: true, text: 'Explicit conversion from data type %s to %s is not allowed.' },
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
  1013: {
    compile: true,
    text: 'The objects "%s" in the FROM clause have the same exposed names. Use correlation names to distinguish them.',
  },
  1023: { severity: 15, compile: true, text: 'Invalid parameter 1 specified for datepart.' },
  1033: {
    severity: 15,
    compile: true,
    text: 'The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.',
  },
  1038: {
    severity: 15,
    state: 5,
    compile: true,
    text: 'An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names. Aliases defined as "" or [] are not allowed. Change the alias to a valid name.',
  },
  1087: { severity: 15, state: 2, compile: true, text: 'Must declare the table variable "%s".' },
  1088: {
    severity: 16,
    state: 12,
    text: 'Cannot find the object "%s" because it does not exist or you do not have permissions.',
  },
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
  1468: {
    state: 1,
    text: 'The operation cannot be performed on database "%s" because it is involved in a database mirroring session or an availability group. Some operations are not allowed on a database that is participating in a database mirroring session or in an availability group.',
  },
  1505: {
    text: "The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for the object name '%s' and the index name '%s'. The duplicate key value is %s.",
  },
  1750: { state: 1, text: 'Could not create constraint or index. See previous errors.' },
  1752: { text: "Column '%s' in table '%s' is invalid for creating a default constraint." },
  1767: { state: 0, text: "Foreign key '%s' references invalid table '%s'." },
  1769: { text: "Foreign key '%s' references invalid column '%s' in referencing table '%s'." },
  1770: { text: "Foreign key '%s' references invalid column '%s' in referenced table '%s'." },
  1776: {
    state: 0,
    text: "There are no primary or candidate keys in the referenced table '%s' that match the referencing column list in the foreign key '%s'.",
  },
  1779: { state: 0, text: "Table '%s' already has a primary key defined on it." },
  1781: { text: 'Column already has a DEFAULT bound to it.' },
  1911: { text: "Column name '%s' does not exist in the target table or view." },
  1913: {
    text: "The operation failed because an index or statistics with name '%s' already exists on table '%s'.",
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
  2705: {
    state: 4,
    effect: 'batch',
    text: "Column names in each table must be unique. Column name '%s' in table '%s' is specified more than once.",
  },
  2714: { state: 6, effect: 'batch', text: "There is already an object named '%s' in the database." },
  2715: { state: 6, effect: 'batch', text: 'Column, parameter, or variable #%s: Cannot find data type %s.' },
  2732: { text: 'Error number %s is invalid. The number must be from %s through %s and it cannot be 50000.' },
  2744: {
    state: 2,
    text: "Multiple identity columns specified for table '%s'. Only one identity column per table is allowed.",
  },
  2749: {
    state: 2,
    text: "Identity column '%s' must be of data type int, bigint, smallint, tinyint, or decimal or numeric with a scale of 0, unencrypted, and constrained to be nonnullable.",
  },
  2754: {
    text: 'Error severity levels greater than 18 can only be specified by members of the sysadmin role, using the WITH LOG option.',
  },
  2759: { state: 0, text: 'CREATE SCHEMA failed due to previous errors.' },
  2760: {
    text: 'The specified schema name "%s" either does not exist or you do not have permission to use it.',
  },
  2812: { state: 62, text: "Could not find stored procedure '%s'." },
  3701: {
    severity: 11,
    state: 5,
    text: "Cannot %s the %s '%s', because it does not exist or you do not have permission.",
  },
  3725: { state: 0, text: "The constraint '%s' is being referenced by foreign key constraint '%s'." },
  3726: { text: "Could not drop object '%s' because it is referenced by a FOREIGN KEY constraint." },
  3727: { state: 0, text: 'Could not drop constraint. See previous errors.' },
  3728: { text: "'%s' is not a constraint." },
  3729: { text: "Cannot drop schema '%s' because it is being referenced by object '%s'." },
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
  4060: { severity: 11, text: 'Cannot open database "%s" requested by the login. The login failed.' },
  4104: { compile: true, effect: 'batch', text: 'The multi-part identifier "%s" could not be bound.' },
  4112: { severity: 15, compile: true, text: "The function '%s' must have an OVER clause with ORDER BY." },
  4145: {
    severity: 15,
    compile: true,
    text: "An expression of non-boolean type specified in a context where a condition is expected, near '%s'.",
  },
  4406: {
    text: "Update or insert of view or function '%s' failed because it contains a derived or constant field.",
  },
  4502: {
    compile: true,
    text: "View or function '%s' has more column names specified than columns defined.",
  },
  4511: {
    compile: true,
    text: 'Create View or Function failed because no column name was specified for column %s.',
  },
  4701: {
    state: 1,
    text: 'Cannot find the object "%s" because it does not exist or you do not have permissions.',
  },
  4712: { text: "Cannot truncate table '%s' because it is being referenced by a FOREIGN KEY constraint." },
  4901: {
    effect: 'batch',
    text: "ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified, or the column being added is an identity or timestamp column, or alternatively if none of the previous conditions are satisfied the table must be empty to allow addition of this column. Column '%s' cannot be added to non-empty table '%s' because it does not satisfy these conditions.",
  },
  4902: {
    effect: 'batch',
    text: 'Cannot find the object "%s" because it does not exist or you do not have permissions.',
  },
  4922: { state: 9, effect: 'batch', text: '%s failed because one or more objects access this column.' },
  4924: { effect: 'batch', text: "%s failed because column '%s' does not exist in table '%s'." },
  5001: { text: 'User must be in the master database.' },
  5011: {
    severity: 14,
    state: 7,
    text: "User does not have permission to alter database '%s', the database does not exist, or the database is not in a state that allows access checks.",
  },
  5060: {
    severity: 10,
    text: 'Nonqualified transactions are being rolled back. Estimated rollback completion: %s%.',
  },
  5061: {
    text: "ALTER DATABASE failed because a lock could not be placed on database '%s'. Try again later.",
  },
  5069: { text: 'ALTER DATABASE statement failed.' },
  5070: { state: 2, text: "Database state cannot be changed while other users are using the database '%s'" },
  5074: { effect: 'batch', text: "The %s '%s' is dependent on column '%s'." },
  8101: {
    text: "An explicit value for the identity column in table '%s' can only be specified when a column list is used and IDENTITY_INSERT is ON.",
  },
  8102: { compile: true, text: "Cannot update identity column '%s'." },
  8106: { text: "Table '%s' does not have the identity property. Cannot perform SET operation." },
  8107: {
    text: "IDENTITY_INSERT is already ON for table '%s'. Cannot perform SET operation for table '%s'.",
  },
  8110: { state: 0, text: "Cannot add multiple PRIMARY KEY constraints to table '%s'." },
  8111: { text: "Cannot define PRIMARY KEY constraint on nullable column in table '%s'." },
  8114: { state: 5, effect: 'transaction', text: 'Error converting data type %s to %s.' },
  8115: { state: 2, effect: 'statement', text: 'Arithmetic overflow error converting %s to data type %s.' },
  8117: { compile: true, text: 'Operand data type %s is invalid for %s operator.' },
  8120: {
    compile: true,
    text: "Column '%s' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
  },
  8134: { effect: 'statement', text: 'Divide by zero error encountered.' },
  8143: { text: "Parameter '%s' was supplied multiple times." },
  8144: { state: 2, text: 'Procedure or function %s has too many arguments specified.' },
  8145: { state: 2, text: '%s is not a parameter for procedure %s.' },
  8155: { compile: true, text: "No column name was specified for column %s of '%s'." },
  8156: { compile: true, text: "The column '%s' was specified multiple times for '%s'." },
  8158: { compile: true, text: "'%s' has more columns than were specified in the column list." },
  8159: { compile: true, text: "'%s' has fewer columns than were specified in the column list." },
  8162: {
    state: 2,
    text: 'The formal parameter "%s" was not declared as an OUTPUT parameter, but the actual parameter passed in requested output.',
  },
  8169: {
    state: 2,
    effect: 'transaction',
    text: 'Conversion failed when converting from a character string to uniqueidentifier.',
  },
  10704: {
    severity: 15,
    compile: true,
    text: 'To rethrow an error, a THROW statement must be used inside a CATCH block. Insert the THROW statement inside a CATCH block, or add error parameters to the THROW statement.',
  },
  10709: {
    severity: 15,
    compile: true,
    text: 'The number of columns for each row in a table value constructor must be the same.',
  },
  10739: {
    severity: 15,
    compile: true,
    text: 'The insert column list used in a MERGE statement cannot contain multi-part identifiers.',
  },
  13535: { text: '%s' },
  15007: { text: "'%s' is not a valid login or you do not have permission." },
  15023: { text: "User, group, or role '%s' already exists in the current database." },
  15025: { text: "The server principal '%s' already exists." },
  15151: { text: "Cannot %s the %s '%s', because it does not exist or you do not have permission." },
  15217: { text: "Property cannot be updated or deleted. Property '%s' does not exist for '%s'." },
  15225: {
    text: "No item by the name of '%s' could be found in the current database '%s', given that @itemtype was input as '%s'.",
  },
  15233: { text: "Property cannot be added. Property '%s' already exists for '%s'." },
  15135: {
    text: 'Object is invalid. Extended properties are not permitted on %s, or the object does not exist.',
  },
  15247: { text: 'User does not have permission to perform this action.' },
  15335: {
    text: "Error: The new name '%s' is already in use as a %s name and would cause a duplicate that is not permitted.",
  },
  15600: { severity: 15, text: "An invalid parameter or option was specified for procedure '%s'." },
  18054: {
    text: 'Error %s, severity %s, state %s was raised, but no message with that error number was found in sys.messages. If error is larger than 50000, make sure the user-defined message is added using sp_addmessage.',
  },
  18456: { severity: 14, text: "Login failed for user '%s'." },
  33233: { text: 'You can only create a user with a password in a contained database.' },
  33130: { text: "Principal '%s' could not be found or this principal type is not supported." },
  33134: { text: "Principal '%s' could not be resolved." },
  35100: {
    state: 10,
    text: 'Error number %s in the THROW statement is outside the valid range. Specify an error number in the valid range of 50000 to 2147483647.',
  },
  40508: {
    text: 'USE statement is not supported to switch between databases. Use a new connection to connect to a different database.',
  },
  40510: { effect: 'batch', text: "Statement '%s' is not supported in this version of SQL Server." },
  40511: { compile: true, text: "Built-in function '%s' is not supported in this version of SQL Server." },
  40515: {
    severity: 15,
    compile: true,
    text: "Reference to database and/or server name in '%s' is not supported in this version of SQL Server.",
  },
  40517: {
    severity: 16,
    compile: true,
    text: "Keyword or statement option '%s' is not supported in this version of SQL Server.",
  },
  40613: {
    severity: 14,
    text: "Database '%s' on server '%s' is not currently available. Please retry the connection later. If the problem persists, contact customer support, and provide them the session tracing ID of '%s'.",
  },
  40615: {
    severity: 14,
    text: "Cannot open server '%s' requested by the login. Client with IP address '%s' is not allowed to access the server. To enable access, use the Azure Management Portal or run sp_set_firewall_rule on the master database to create a firewall rule for this IP address or address range. It may take up to five minutes for this change to take effect.",
  },
};

/** The error of this number, `%s` filled in order. */
export function sqlError(number: number, ...values: readonly (string | number | bigint)[]): SqlServerError {
  const template = TEMPLATES[number];
  if (!template) throw new Error(`SQL Server error ${number} has no text here`);
  return build(number, template, values, []);
}

/** An ALTER DATABASE failure: its cause, then always 5069. */
export function alterDatabaseFailed(cause: SqlServerError): SqlServerError {
  const { number, severity, state, message: text } = cause;
  return new SqlServerError({ number, severity, state, text, followedBy: [sqlError(5069)] });
}

/** DDL on constraints tells its cause and then 1750 or 3727. */
export function followedBy(cause: SqlServerError, number: number): SqlServerError {
  const { severity, state, message: text } = cause;
  return new SqlServerError({
    number: cause.number,
    severity,
    state,
    text,
    followedBy: [sqlError(number)],
    effect: 'batch',
  });
}

function build(
  number: number,
  template: Template,
  values: readonly (string | number | bigint)[],
  after: readonly SqlServerError[],
): SqlServerError {
  const queue = [...values];
  return new SqlServerError({
    number,
    severity: template.severity ?? 16,
    state: template.state ?? 1,
    effect: template.effect ?? (template.compile ? 'batch' : 'statement'),
    origin: template.compile ? 'compile' : 'engine',
    text: template.text.replace(/%s/g, () => String(queue.shift() ?? '')),
    followedBy: after,
  });
}

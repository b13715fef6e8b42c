// What a batch is refused for before any of it runs.
import type { ErrorTemplates } from './template.ts';

export const SYNTAX_ERRORS: ErrorTemplates = {
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
  155: { severity: 15, compile: true, text: "'%s' is not a recognized %s option." },
  174: { severity: 15, compile: true, text: 'The %s function requires %s argument(s).' },
  195: { severity: 15, state: 10, compile: true, text: "'%s' is not a recognized built-in function name." },
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
  263: { compile: true, text: 'Must specify table to select from.' },
  264: {
    compile: true,
    text: "The column name '%s' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause.",
  },
  529: { state: 2, compile: true, text: 'Explicit conversion from data type %s to %s is not allowed.' },
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
  4104: { compile: true, effect: 'batch', text: 'The multi-part identifier "%s" could not be bound.' },
  4112: { severity: 15, compile: true, text: "The function '%s' must have an OVER clause with ORDER BY." },
  4145: {
    severity: 15,
    compile: true,
    text: "An expression of non-boolean type specified in a context where a condition is expected, near '%s'.",
  },
  4502: {
    compile: true,
    text: "View or function '%s' has more column names specified than columns defined.",
  },
  4511: {
    compile: true,
    text: 'Create View or Function failed because no column name was specified for column %s.',
  },
  8102: { compile: true, text: "Cannot update identity column '%s'." },
  8117: { compile: true, text: 'Operand data type %s is invalid for %s operator.' },
  8120: {
    compile: true,
    text: "Column '%s' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
  },
  8155: { compile: true, text: "No column name was specified for column %s of '%s'." },
  8156: { compile: true, text: "The column '%s' was specified multiple times for '%s'." },
  8158: { compile: true, text: "'%s' has more columns than were specified in the column list." },
  8159: { compile: true, text: "'%s' has fewer columns than were specified in the column list." },
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
};

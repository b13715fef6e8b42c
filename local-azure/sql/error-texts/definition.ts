// What definitions fail with.
import type { ErrorTemplates } from './template.ts';

export const DEFINITION_ERRORS: ErrorTemplates = {
  1088: {
    severity: 16,
    state: 12,
    text: 'Cannot find the object "%s" because it does not exist or you do not have permissions.',
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
  2705: {
    state: 4,
    effect: 'batch',
    text: "Column names in each table must be unique. Column name '%s' in table '%s' is specified more than once.",
  },
  2714: { state: 6, effect: 'batch', text: "There is already an object named '%s' in the database." },
  2715: { state: 6, effect: 'batch', text: 'Column, parameter, or variable #%s: Cannot find data type %s.' },
  2744: {
    state: 2,
    text: "Multiple identity columns specified for table '%s'. Only one identity column per table is allowed.",
  },
  2749: {
    state: 2,
    text: "Identity column '%s' must be of data type int, bigint, smallint, tinyint, or decimal or numeric with a scale of 0, unencrypted, and constrained to be nonnullable.",
  },
  2759: { state: 0, text: 'CREATE SCHEMA failed due to previous errors.' },
  2760: {
    text: 'The specified schema name "%s" either does not exist or you do not have permission to use it.',
  },
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
  4406: {
    text: "Update or insert of view or function '%s' failed because it contains a derived or constant field.",
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
  5074: { effect: 'batch', text: "The %s '%s' is dependent on column '%s'." },
  8110: { state: 0, text: "Cannot add multiple PRIMARY KEY constraints to table '%s'." },
  8111: { text: "Cannot define PRIMARY KEY constraint on nullable column in table '%s'." },
  13535: { text: '%s' },
};

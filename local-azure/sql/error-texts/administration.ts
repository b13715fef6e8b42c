// Logins, permissions, database options, and what Azure SQL Database has not.
import type { ErrorTemplates } from './template.ts';

export const ADMINISTRATION_ERRORS: ErrorTemplates = {
  229: {
    severity: 14,
    state: 5,
    text: "The %s permission was denied on the object '%s', database '%s', schema '%s'.",
  },
  259: { text: 'Ad hoc updates to system catalogs are not allowed.' },
  262: { severity: 14, state: 1, text: "%s permission denied in database '%s'." },
  268: {
    text: 'Cannot run SELECT INTO in this database. The database owner must run sp_dboption to enable this option.',
  },
  297: { text: 'The user does not have permission to perform this action.' },
  300: { severity: 14, text: "%s permission was denied on object '%s', database '%s'." },
  504: { text: "'%s' is not a valid option here." },
  1468: {
    state: 1,
    text: 'The operation cannot be performed on database "%s" because it is involved in a database mirroring session or an availability group. Some operations are not allowed on a database that is participating in a database mirroring session or in an availability group.',
  },
  4060: { severity: 11, text: 'Cannot open database "%s" requested by the login. The login failed.' },
  4606: { text: 'Granted or revoked privilege %s is not compatible with object.' },
  4613: { text: 'Grantor does not have GRANT permission.' },
  4617: { text: 'Cannot grant, deny or revoke permissions to or from special roles.' },
  4624: {
    text: 'Cannot grant, deny, or revoke permissions to sa, dbo, entity owner, information_schema, sys, or yourself.',
  },
  3704: {
    text: "User does not have permission to perform this operation on %s '%s'.",
  },
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
  6102: { severity: 14, text: 'User does not have permission to use the KILL statement.' },
  6104: { text: 'Cannot use KILL to kill your own process.' },
  6106: { state: 2, text: 'Process ID %s is not an active process ID.' },
  6115: { text: 'KILL command cannot be used inside user transactions.' },
  15007: { text: "'%s' is not a valid login or you do not have permission." },
  15023: { text: "User, group, or role '%s' already exists in the current database." },
  15025: { text: "The server principal '%s' already exists." },
  15081: { text: 'Membership of the public role cannot be changed.' },
  15138: { text: 'The database principal owns a %s in the database, and cannot be dropped.' },
  15144: { text: 'The role has members. It must be empty before it can be dropped.' },
  15150: { text: "Cannot %s the %s '%s'." },
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
  15405: { text: "Cannot use the special principal '%s'." },
  15413: { severity: 11, text: 'Cannot make a role a member of itself.' },
  15600: { severity: 15, text: "An invalid parameter or option was specified for procedure '%s'." },
  18456: { severity: 14, text: "Login failed for user '%s'." },
  33233: { text: 'You can only create a user with a password in a contained database.' },
  33130: { text: "Principal '%s' could not be found or this principal type is not supported." },
  33134: { text: "Principal '%s' could not be resolved." },
  40508: {
    text: 'USE statement is not supported to switch between databases. Use a new connection to connect to a different database.',
  },
  40510: { effect: 'batch', text: "Statement '%s' is not supported in this version of SQL Server." },
  40613: {
    severity: 14,
    text: "Database '%s' on server '%s' is not currently available. Please retry the connection later. If the problem persists, contact customer support, and provide them the session tracing ID of '%s'.",
  },
  40615: {
    severity: 14,
    text: "Cannot open server '%s' requested by the login. Client with IP address '%s' is not allowed to access the server. To enable access, use the Azure Management Portal or run sp_set_firewall_rule on the master database to create a firewall rule for this IP address or address range. It may take up to five minutes for this change to take effect.",
  },
};

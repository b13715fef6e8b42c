// Nothing that Azure or SQL Server said gets lost on the way into the report.
import { describe, expect, test } from '@jest/globals';
import { AzureError, SqlError } from '../../src/azure/errors.ts';
import type { SqlMessage } from '../../src/azure/ports.ts';
import { asUpgradeError, causesOf } from '../../src/phases/as-upgrade-error.ts';
import { UpgradeError } from '../../src/reasons.ts';

const message = (number: number, text: string): SqlMessage => ({
  number,
  severity: 16,
  state: 1,
  line: 3,
  procedure: '',
  text,
});
const sql = new SqlError('the statement failed', 'server', [
  message(5061, 'ALTER DATABASE failed because a lock could not be placed'),
  message(5069, 'ALTER DATABASE statement failed.'),
]);
const arm = (details: Partial<ConstructorParameters<typeof AzureError>[1]> = {}) =>
  new AzureError('The link could not be removed', {
    status: 409,
    code: 'OperationInProgress',
    correlationId: '3c1e',
    outcomeUnknown: false,
    ...details,
  });

describe('any failure as the one error of the report', () => {
  test('its own errors stay what they are', () => {
    const error = new UpgradeError('drain-failed', 'lag');
    expect(asUpgradeError(error)).toBe(error);
  });

  test.each([
    ['ARM’s', arm(), 'azure-error', 'The link could not be removed'],
    ['SQL Server’s', sql, 'azure-error', 'the statement failed'],
    ['a defect', new TypeError('x is undefined'), 'internal-error', 'x is undefined'],
    ['something thrown that is no error', 'boom', 'internal-error', 'boom'],
  ] as const)('%s becomes one, and stays its cause', (_, thrown, reason, text) => {
    expect(asUpgradeError(thrown)).toMatchObject({ reason, message: text, cause: thrown });
  });
});

describe('a right that is missing', () => {
  const site = '/subscriptions/s/resourceGroups/contoso/providers/Microsoft.Web/sites/contoso';
  const may = (message: string, details: Parameters<typeof arm>[0]) =>
    asUpgradeError(new AzureError(message, { ...arm(), ...details }));

  test.each([
    [
      'of the resource itself',
      { status: 403, code: 'AuthorizationFailed' },
      `The client 'a' with object id 'b' does not have authorization to perform action 'Microsoft.Web/sites/write' over scope '${site}' or the scope is invalid.`,
      `Microsoft.Web/sites/write on ${site}`,
    ],
    [
      'of one that it is linked with',
      { status: 403, code: 'LinkedAuthorizationFailed' },
      `The client 'a' has permission to perform action 'Microsoft.Web/sites/write' on scope '/x'; however, it does not have permission to perform action(s) 'Microsoft.Web/serverfarms/join/action' on the linked scope(s) '${site}' or the linked scope(s) are invalid.`,
      `Microsoft.Web/serverfarms/join/action on ${site}`,
    ],
    [
      'which an operation ended with',
      { status: null, code: 'AuthorizationFailed' },
      'The change of scale set web failed: AuthorizationFailed: no',
      'The change of scale set web failed: AuthorizationFailed: no',
    ],
    ['that Azure does not name', { status: 403, code: null }, 'GET x: HTTP 403', 'GET x: HTTP 403'],
  ] as const)('%s is its own reason, with action and scope', (_, details, message, told) => {
    const error = may(message, details);
    expect(error).toMatchObject({
      reason: 'azure-permission-missing',
      message: `A right is missing in Azure: ${told}`,
    });
    expect(error.advice.join('\n')).toMatch(
      /custom-role\.json.*permissions\.md.*\naz role assignment create/,
    );
    expect(causesOf(error).join('\n')).toContain(message);
  });

  test.each(['RequestDisallowedByPolicy', 'ScopeLocked'])('is not what %s means', (code) => {
    expect(may('no', { status: 403, code }).reason).toBe('azure-error');
  });
});

describe('what there is one thing to do about', () => {
  const groupMissing = (path: string) =>
    asUpgradeError(
      new AzureError(
        `PUT /resourceGroups/contoso-trafic/providers/${path}: HTTP 404 ResourceGroupNotFound: Resource group 'contoso-trafic' could not be found.`,
        { ...arm(), status: 404, code: 'ResourceGroupNotFound' },
      ),
    );

  test.each([
    ['Microsoft.Network/trafficManagerProfiles/contoso', 'Correct traffic-manager.resource-group in'],
    ['Microsoft.Sql/servers/x/databases/y', 'resource-group of the slot, or of its sql-server,'],
    ['Microsoft.Web/sites/x', 'resource-group of the slot, or of its web-app,'],
    ['Microsoft.Compute/virtualMachineScaleSets/x', 'resource-group of the scale set'],
    ['Microsoft.Compute/cloudServices/x', 'resource-group of the cloud service'],
    ['Microsoft.Insights/autoscaleSettings/x', 'Correct resource-group in'],
  ])('a resource group that is not there, by the key of %s', (path, key) => {
    const error = groupMissing(path);
    expect(error.reason).toBe('resource-not-found');
    expect(error.message).toContain('There is no resource group contoso-trafic');
    expect(error.advice.join()).toContain(key);
    expect(error.advice.join()).toContain('az group list -o table');
    expect(causesOf(error).join()).toContain('ResourceGroupNotFound');
  });

  test('a resource that is not there says nothing of its group', () => {
    const error = asUpgradeError(new AzureError('no', { ...arm(), status: 404, code: 'ResourceNotFound' }));
    expect(error).toMatchObject({ reason: 'azure-error', advice: [] });
  });

  test.each([
    [new AzureError('GET /x: self-signed certificate in certificate chain', { ...arm(), code: null })],
    [new AzureError('GET /x: no', { ...arm(), code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' })],
    [new AzureError('No token', { ...arm(), cause: new Error('unable to verify the first certificate') })],
    [new SqlError('Failed to connect: self signed certificate', 'login', [])],
  ])('a certificate that the runner does not trust: %s', (thrown) => {
    expect(asUpgradeError(thrown)).toMatchObject({
      reason: 'azure-error',
      advice: [expect.stringMatching(/NODE_EXTRA_CA_CERTS.*docs\/permissions\.md/)],
    });
  });
});

describe('the causes', () => {
  test('are every message of SQL Server, in order', () => {
    expect(causesOf(asUpgradeError(sql))).toEqual([
      'Msg 5061, Level 16, State 1, Line 3: ALTER DATABASE failed because a lock could not be placed',
      'Msg 5069, Level 16, State 1, Line 3: ALTER DATABASE statement failed.',
    ]);
  });

  test('tell how a connection ended where the server said nothing', () => {
    expect(causesOf(new SqlError('the connection broke', 'lost', []))).toEqual([
      'SQL (lost): the connection broke',
    ]);
  });

  test('have ARM’s status, code and correlation id', () => {
    expect(causesOf(asUpgradeError(arm()))).toEqual([
      'The link could not be removed (HTTP 409, OperationInProgress, correlation id 3c1e)',
    ]);
    expect(causesOf(arm({ status: null, code: null, correlationId: null }))).toEqual([
      'The link could not be removed (no answer)',
    ]);
  });

  test('come outermost first, from however deep, without the report’s own message', () => {
    const socket = new Error('read ECONNRESET');
    const azure = arm({ cause: socket });
    const outer = new UpgradeError('link-termination-failed', 'The link is still there', {
      cause: new UpgradeError('azure-error', 'told already', { cause: azure }),
    });
    expect(causesOf(outer)).toEqual([
      'The link could not be removed (HTTP 409, OperationInProgress, correlation id 3c1e)',
      'Error: read ECONNRESET',
    ]);
  });

  test('of several failures at once are those of each, however they are wrapped', () => {
    const both = new AggregateError([
      new UpgradeError('freeze-failed', 'one', { cause: sql }),
      arm(),
      'third',
    ]);
    expect(causesOf(new UpgradeError('internal-error', 'two failed', { cause: both }))).toEqual([
      expect.stringMatching(/^Msg 5061/),
      expect.stringMatching(/^Msg 5069/),
      expect.stringMatching(/correlation id 3c1e/),
      'third',
    ]);
  });

  test('keep what was thrown and is no error, and say nothing twice', () => {
    expect(causesOf(new Error('a', { cause: 'a plain text' }))).toEqual(['Error: a', 'a plain text']);
    expect(causesOf(new AggregateError([new Error('same'), new Error('same')]))).toEqual(['Error: same']);
  });

  test('end where a chain comes back to itself', () => {
    const circle = new UpgradeError('internal-error', 'round');
    circle.cause = new Error('and round', { cause: circle });
    expect(causesOf(circle)).toEqual(['Error: and round']);
  });
});

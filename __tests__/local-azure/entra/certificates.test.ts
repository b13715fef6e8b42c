import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createCertificates } from '../../../local-azure/certificates.ts';

let folder: string | null = null;

afterEach(() => {
  if (folder) rmSync(folder, { recursive: true });
  folder = null;
});

test('the leaf is signed by the authority, and good for every name of the embedded Azure', async () => {
  const { ca, cert } = await createCertificates();
  const [leaf, authority] = [new X509Certificate(cert), new X509Certificate(ca)];
  expect(authority.ca).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(leaf.checkIssued(authority)).toBe(true);
  expect(leaf.verify(authority.publicKey)).toBe(true);
  for (const name of [
    'localhost',
    'contoso-sql-blue.database.windows.net',
    'contoso-green.azurewebsites.net',
    'contoso.trafficmanager.net',
    'www.contoso.example',
  ]) {
    expect(leaf.checkHost(name)).toBeDefined();
  }
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(leaf.checkHost('login.microsoftonline.com')).toBeUndefined();
});

test('it is valid now, for weeks', async () => {
  const now = new Date('2030-01-01T00:00:00Z');
  const { cert } = await createCertificates(['localhost'], now);
  const leaf = new X509Certificate(cert);
  expect(new Date(leaf.validFrom).getTime()).toBeLessThan(now.getTime());
  expect(new Date(leaf.validTo).getTime() - now.getTime()).toBeGreaterThan(14 * 86_400_000);
});

const openssl = spawnSync('openssl', ['version']).status === 0;

test(
  openssl ? 'OpenSSL accepts the chain at its strictest' : 'skipped: openssl is not installed',
  async () => {
    if (!openssl) return;
    folder = mkdtempSync(join(tmpdir(), 'certificates-'));
    const { ca, cert } = await createCertificates();
    const [caFile, certFile] = [join(folder, 'ca.pem'), join(folder, 'cert.pem')];
    writeFileSync(caFile, ca);
    writeFileSync(certFile, cert);
    const options = ['-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'www.contoso.example'];
    const { stdout, stderr } = spawnSync('openssl', ['verify', ...options, '-CAfile', caFile, certFile], {
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toContain('cert.pem: OK');
  },
);

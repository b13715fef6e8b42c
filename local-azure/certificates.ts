// The certificates the embedded Azure is trusted by: one authority, one leaf for all its names. Clients are
// given the authority's (NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE), so verification stays on everywhere.
import 'reflect-metadata'; // x509's dependency injection refuses to load without it
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Every name under which the embedded Azure is reached. */
export const LOCAL_AZURE_NAMES: readonly string[] = [
  'localhost',
  '127.0.0.1',
  '*.database.windows.net',
  '*.secondary.database.windows.net', // a failover group's read-only listener
  '*.azurewebsites.net',
  '*.trafficmanager.net',
  '*.northeurope.cloudapp.azure.com',
  '*.contoso.example',
];

/** All PEM. */
export interface Certificates {
  /** What clients have to trust. */
  readonly ca: string;
  readonly key: string;
  /** The leaf, then the authority. */
  readonly cert: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const LIFETIME_DAYS = 30;
/** For clocks that go slow. */
const BACKDATED_DAYS = 1;

type KeyPair = Awaited<ReturnType<typeof createKeys>>;

/**
 * A fresh authority and a leaf for `names` (host names, wildcards, IP addresses), valid for a month.
 * @param now Real time: clients hold the dates against their own clock.
 */
export async function createCertificates(
  names: readonly string[] = LOCAL_AZURE_NAMES,
  now: Date = new Date(),
): Promise<Certificates> {
  const validity = {
    notBefore: new Date(now.getTime() - BACKDATED_DAYS * DAY_MS),
    notAfter: new Date(now.getTime() + LIFETIME_DAYS * DAY_MS),
  };
  const [authorityKeys, leafKeys] = await Promise.all([createKeys(), createKeys()]);
  const authority = await createAuthority(authorityKeys, validity);
  const leaf = await createLeaf(names, leafKeys, authority, authorityKeys, validity);
  const ca = authority.toString('pem');
  return { ca, cert: `${leaf.toString('pem')}\n${ca}`, key: await privateKeyPem(leafKeys) };
}

function createKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

async function createAuthority(keys: KeyPair, validity: Validity): Promise<X509Certificate> {
  return X509CertificateGenerator.createSelfSigned({
    ...validity,
    keys,
    name: 'CN=Embedded Azure, O=rolling-upgrade',
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

async function createLeaf(
  names: readonly string[],
  keys: KeyPair,
  authority: X509Certificate,
  authorityKeys: KeyPair,
  validity: Validity,
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    ...validity,
    subject: 'CN=localhost',
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }) as const),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
}

async function privateKeyPem(keys: KeyPair): Promise<string> {
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}

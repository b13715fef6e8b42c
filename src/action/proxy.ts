// Which proxy a runner's requests go through, as GitHub's own actions take it from the environment (documentation: "Using a
// proxy server with self-hosted runners"; github.com/actions/toolkit, http-client). The Azure SDKs have rules of their own.
import type { Environment } from './input-reader.ts';

/** The proxy for a request to this URL; null where it goes directly. Throws where the variable holds no URL. */
export function proxyFor(url: URL, environment: Environment): URL | null {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const given = variable(environment, name);
  if (given === '' || isLoopback(url.hostname) || isExempt(url, variable(environment, 'no_proxy')))
    return null;
  const text = /^https?:\/\//i.test(given) ? given : `http://${given}`;
  if (URL.canParse(text)) return new URL(text);
  // It may hold a password.
  throw new Error(`The variable ${name} holds no URL of a proxy.`);
}

/** The small one counts where both are set. */
function variable(environment: Environment, name: string): string {
  return environment[name] || environment[name.toUpperCase()] || '';
}

function isLoopback(host: string): boolean {
  return /^(localhost$|127\.|\[::1\])/i.test(host);
}

/** By names and what ends with them, with or without a port; a star exempts everything. */
function isExempt({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = hostname.toLowerCase();
  const hosts = [host, `${host}:${port || (protocol === 'https:' ? 443 : 80)}`];
  const names = noProxy
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.some(
    (name) =>
      name === '*' ||
      hosts.some((one) => one === name || one.endsWith(name.startsWith('.') ? name : `.${name}`)),
  );
}

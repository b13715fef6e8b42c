// Where the names of this Azure are really reached: what `connectTo` of the environment says, and what its
// own sites and probes dial. Kept in one place so that all of them agree.

export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

export interface Routes {
  /** @param name host name, compared without case. */
  set(name: string, port: number, address: SocketAddress): void;
  /** Null where nothing answers to the name. */
  find(name: string, port: number): SocketAddress | null;
  /** As curl's --connect-to: `name:port` → `address:port`. */
  connectTo(): Readonly<Record<string, string>>;
}

export function createRoutes(): Routes {
  const routes = new Map<string, SocketAddress>();
  const key = (name: string, port: number) => `${name.toLowerCase()}:${port}`;
  return {
    set: (name, port, address) => {
      routes.set(key(name, port), address);
    },
    find: (name, port) => routes.get(key(name, port)) ?? null,
    connectTo: () =>
      Object.fromEntries([...routes].map(([name, address]) => [name, `${address.host}:${address.port}`])),
  };
}

// Which addresses may be asked. Owns: the list of those that are nobody's business outside, the look-up that respects it. Never touches: requests.
//   outbound.A1. A name is looked up once for a connection, and the connection goes to what was found and judged: no second look-up comes between.
//   outbound.A2. Where one of a name's addresses is private, none is asked.
//   outbound.A3. An address inside another one (mapped, translated, 6to4) is judged as what it is inside.

import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Not for the world: this host, private, shared, link-local, documentation, benchmarks, multicast, reserved (RFC 6890 and its successors). */
const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** Of the global unicast addresses (2000::/3), which alone may be asked: protocol assignments, Teredo, documentation. */
const PRIVATE_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
];

const privateV4 = new BlockList();
for (const [net, bits] of PRIVATE_V4) privateV4.addSubnet(net, bits, 'ipv4');
const privateV6 = new BlockList();
for (const [net, bits] of PRIVATE_V6) privateV6.addSubnet(net, bits, 'ipv6');
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');

const GROUPS = 8;

/** The groups of an IPv6 address, as it is written. */
function groupsOf(address: string): number[] {
  const [bare = ''] = address.split('%');
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(bare);
  const hex = (high: string, low: string): string =>
    (Number(high) * 256 + Number(low)).toString(16);
  const text =
    dotted === null
      ? bare
      : `${dotted[1]}${hex(dotted[2] as string, dotted[3] as string)}:${hex(dotted[4] as string, dotted[5] as string)}`;
  const [head = '', tail] = text.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [read(head), read(tail ?? '')];
  const missing = tail === undefined ? 0 : GROUPS - before.length - after.length;
  return [...before, ...Array<number>(missing).fill(0), ...after];
}

/** The IPv4 address inside an IPv6 one; undefined: there is none. */
function inside(groups: readonly number[]): string | undefined {
  const dotted = (at: number): string => {
    const [high = 0, low = 0] = groups.slice(at, at + 2);
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  };
  const isZero = (from: number, to: number): boolean =>
    groups.slice(from, to).every((group) => group === 0);
  if (groups[0] === 0x2002) return dotted(1);
  if (groups[0] === 0x64 && groups[1] === 0xff9b && isZero(2, 6)) return dotted(6);
  if (isZero(0, 5) && groups[5] === 0xffff) return dotted(6);
  return undefined;
}

/** May this address be asked by anybody? */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !privateV4.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  const v4 = inside(groupsOf(address));
  if (v4 !== undefined) return isPublic(v4);
  return globalV6.check(address, 'ipv6') && !privateV6.check(address, 'ipv6');
}

/** It is not to be asked. */
export class AddressError extends Error {
  readonly code = 'ADDRESS_FORBIDDEN';
}

/** How names are looked up. */
export type Resolve = (
  name: string,
  told: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const resolveAll: Resolve = (name, told) => lookup(name, { all: true }, told);

const HOST = /^[A-Za-z0-9.-]{1,253}$/;

/** The host of a URL, without brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** Where requests may go. */
export class Destinations {
  readonly #hosts: ReadonlySet<string>;
  readonly #resolve: Resolve;
  /** For connections: A1, A2. */
  readonly lookup: LookupFunction;

  /** `hosts`: names that may be asked wherever they lead, and over http, too. */
  constructor(hosts: readonly string[], resolve: Resolve = resolveAll) {
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()));
    this.#resolve = resolve;
    this.lookup = (name, { all }, told) => {
      this.#resolve(name, (error, addresses) => {
        if (error !== null) return told(error, '');
        const [first] = addresses;
        const isForbidden =
          !this.isNamed(name) && addresses.some(({ address }) => !isPublic(address));
        if (first === undefined || isForbidden)
          return told(new AddressError(`${name} leads to an address that is not public`), '');
        return all === true ? told(null, [...addresses]) : told(null, first.address, first.family);
      });
    };
  }

  /** Do the settings name this host? */
  isNamed(host: string): boolean {
    return this.#hosts.has(host.toLowerCase());
  }

  /** What is wrong with a URL before its name is looked up; undefined: nothing. */
  problem(url: URL): string | undefined {
    const isNamed = this.isNamed(hostOf(url));
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isNamed))
      return 'It must be an https URL; http only to hosts that the settings name.';
    return this.#placeProblem(url);
  }

  /** The same of a mail server's. */
  mailProblem(url: URL): string | undefined {
    const { protocol, pathname, search, hash } = url;
    if (protocol !== 'smtps:' && protocol !== 'smtp:') return 'It must be an smtps or smtp URL.';
    const isHost = isIP(hostOf(url)) !== 0 || HOST.test(url.hostname);
    if (!isHost || !/^\/?$/.test(pathname) || search !== '' || hash !== '')
      return 'It is a host, and a port.';
    return this.#placeProblem(url);
  }

  #placeProblem(url: URL): string | undefined {
    const host = hostOf(url);
    if (url.username !== '' || url.password !== '')
      return 'It must have no user and no password in it.';
    if (this.isNamed(host) || isIP(host) === 0 || isPublic(host)) return undefined;
    return 'It leads to an address that is not public.';
  }
}

// Networks. Owns: which network an address is of. Never touches: sockets, who is there.

import { isIPv4, isIPv6 } from 'node:net';

const MAPPED = '::ffff:';
/** Groups of 16 bits in an address of IPv6, and those that are one household's. */
const [GROUPS, HOUSEHOLD] = [8, 4];

/** The network that an address is of: of IPv6 the first half, which is one household's; of IPv4 it itself, also where it is written as one of IPv6. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const after = address.toLowerCase().startsWith(MAPPED) ? address.slice(MAPPED.length) : '';
  if (isIPv4(after)) return after;
  if (address.includes('.')) return address;
  const numbers = groupsOf(address);
  // An address of IPv4 that is written so is one itself.
  if (numbers.slice(0, 5).every((one) => one === 0) && numbers[5] === 0xffff)
    return numbers
      .slice(6)
      .flatMap((one) => [one >> 8, one & 255])
      .join('.');
  return numbers
    .slice(0, HOUSEHOLD)
    .map((one) => one.toString(16))
    .join(':');
}

function groupsOf(address: string): readonly number[] {
  const [head = '', tail = ''] = (address.split('%', 1)[0] as string).split('::');
  const [before = [], after = []] = [head, tail].map((part) =>
    part === '' ? [] : part.split(':'),
  );
  const zeros = address.includes('::') ? GROUPS - before.length - after.length : 0;
  return [...before, ...Array<string>(zeros).fill('0'), ...after].map((group) =>
    Number.parseInt(group, 16),
  );
}

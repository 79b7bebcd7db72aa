// Where a member is that a request is about. Owns: whom that is believed of, and the headers that say it. Never touches: what is made of it.
//   auth.A47. A member's own place is where it asks from. Of a member that somebody else asks for, it is what they say who have shown who they are;
//       a visitor is believed nothing.

import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { limits } from '../../engine/index.js';
import { type Refusal, refuse } from '../refusal.js';

/** What a request says of where it comes from, as far as that is about a member; empty texts: nothing. */
export interface SaidPlace {
  /** Of the request itself. */
  readonly address: string;
  /** The headers `Jifen-Device`, `Jifen-Member-Device`, `Jifen-Member-Address`. */
  readonly device: string;
  readonly memberDevice: string;
  readonly memberAddress: string;
}

/** Where a member is; empty texts: it is not known. */
export interface MemberPlace {
  readonly device: string;
  readonly address: string;
}

const UNKNOWN: MemberPlace = { device: '', address: '' };

/** A device's name, within limits.DEVICE_LENGTH_MAX: of a longer one its digest, so that no two are taken for one. */
const named = (device: string): string =>
  device.length <= limits.DEVICE_LENGTH_MAX
    ? device
    : createHash('sha256').update(device).digest('base64url');

/** Where the member is that a request is about. */
export function memberPlaceOf(
  { address, device, memberDevice, memberAddress }: SaidPlace,
  { kind }: { readonly kind: string },
): MemberPlace {
  if (kind === 'member') return { device: named(device), address };
  return kind === 'visitor' ? UNKNOWN : { device: named(memberDevice), address: memberAddress };
}

/** What is wrong with what is said; undefined: nothing. */
export const placeProblem = ({ memberAddress }: SaidPlace): Refusal | undefined =>
  memberAddress === '' || isIP(memberAddress) !== 0
    ? undefined
    : refuse(
        'COMMAND_INVALID',
        'Jifen-Member-Address',
        'It is the address of a member: an IP address.',
      );

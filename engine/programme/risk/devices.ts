// Devices that are known of a member. Owns: their record, when a device is new. Never touches: what a device is called (digests alone come here).
//   risk.D1. At most RISK_DEVICES_MAX are known; the one that was seen longest ago is forgotten first.
//   risk.D2. A device is new for a time after it was first seen. The first one that is known of a member is not: there was nothing to compare it with,
//       and it counts as seen since ever, whatever is forgotten since.

import { RISK_DEVICES_MAX } from '../../limits.js';
import type { Json, RecordDelta } from '../act.js';
import { recordType } from '../record-type.js';

/** A device: a keyed digest of what it calls itself, when it was seen first and last, milliseconds since 1970. */
export type KnownDevice = readonly [digest: string, first: number, last: number];

export const DEVICES_KEY = 'devices';

/** As JSON, for what is kept is compared and packed as such. */
const devicesOf = (value: Json | undefined): readonly KnownDevice[] =>
  (value as unknown as readonly KnownDevice[] | undefined) ?? [];

/** Known devices of both; what was brought goes back while it was not seen since. */
export const DEVICES = recordType('risk-devices', (type) => ({
  of: 'member',
  carry: {
    add: (see, key, value) => {
      const had = devicesOf(see.record<Json>(type, key));
      const brought = devicesOf(value).filter(([one]) => !had.some(([known]) => known === one));
      if (brought.length === 0) return undefined;
      const all = [...had, ...brought];
      return { records: [devicesRecord(all)], delta: brought as unknown as Json };
    },
    back: (see, key, delta) => {
      const brought = new Map(devicesOf(delta).map(([one, , last]) => [one, last]));
      const left = devicesOf(see.record<Json>(type, key)).filter(
        ([one, , last]) => brought.get(one) !== last,
      );
      return { records: [devicesRecord(left)] };
    },
  },
}));

/** The record of the devices that were seen last. */
export function devicesRecord(all: readonly KnownDevice[]): RecordDelta {
  const kept = [...all].sort(([, , a], [, , b]) => b - a).slice(0, RISK_DEVICES_MAX);
  return {
    type: DEVICES,
    key: DEVICES_KEY,
    value: kept.length === 0 ? null : (kept as unknown as Json),
  };
}

/** Those that are known. */
export const knownDevices = (value: Json | undefined): readonly KnownDevice[] => devicesOf(value);

/** Is a device new to a member, or was it first seen less than so long ago? Where none is known yet, none is new. */
export function isNewDevice(
  known: readonly KnownDevice[],
  device: string,
  time: number,
  forMs: number,
): boolean {
  if (known.length === 0) return false;
  const found = known.find(([one]) => one === device);
  return found === undefined || time - found[1] < forMs;
}

/** With a device that is seen now. */
export function seenDevice(
  known: readonly KnownDevice[],
  device: string,
  time: number,
): readonly KnownDevice[] {
  const found = known.find(([one]) => one === device);
  const first = known.length === 0 ? 0 : (found?.[1] ?? time);
  return [...known.filter((one) => one !== found), [device, first, time]];
}

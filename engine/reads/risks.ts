// Marks of risk of one member, as they are kept. Owns: the answer, out of records. Never touches: state; what a mark stops.

import type { OwnRecords } from '../api.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import { DEVICES, DEVICES_KEY, knownDevices } from '../programme/risk/devices.js';
import { RISK } from '../programme/risk/marks.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';
import { isInForce, type Mark, type Marks, RISK_KEY } from '../protocol/risk.js';

type Own = Pick<OwnRecords, 'record'>;

/** What is known of the risk of a member. */
export interface RiskState {
  readonly owner: string;
  /** Marks that count. */
  readonly marks: readonly Mark[];
  /** Rules that are not heard of this member, and until when, milliseconds since 1970. */
  readonly quiet: Readonly<Record<string, number>>;
  /** Devices that are known of it: a keyed digest, when it was seen first (0: the first of all) and last. */
  readonly devices: readonly {
    readonly device: string;
    readonly first: number;
    readonly last: number;
  }[];
}

/** The marks of a member that count at a time (milliseconds since 1970). */
export async function riskState(
  own: Own,
  owner: string,
  time: number,
): Promise<RiskState | Refused> {
  const found = await own.record(owner, recordTypeOf(RISK), RISK_KEY);
  if (isRefusal(found)) return found;
  const devices = await own.record(owner, recordTypeOf(DEVICES), DEVICES_KEY);
  if (isRefusal(devices)) return devices;
  const kept = found === undefined ? undefined : (recordValueIn(found.value) as unknown as Marks);
  const quiet = Object.entries(kept?.quiet ?? {}).filter(([, until]) => until > time);
  return {
    owner,
    marks: (kept?.marks ?? []).filter((one) => isInForce(one, time)),
    quiet: Object.fromEntries(quiet),
    devices: knownDevices(devices && recordValueIn(devices.value)).map(([device, first, last]) => ({
      device,
      first,
      last,
    })),
  };
}

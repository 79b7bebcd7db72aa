// A device is known of a member. Asked for by the ledger, after something was done from it.

import { json } from '../../protocol/definition-fields.js';
import type { Json } from '../act.js';
import { act } from '../act.js';
import { isErased } from '../erasure.js';
import { DEVICES, DEVICES_KEY, devicesRecord, knownDevices, seenDevice } from '../risk/devices.js';
import { RISK_DEVICE } from '../risk/marks.js';

const DIGEST = /^[0-9a-f]{32}$/;

export const riskDevice = act({
  name: RISK_DEVICE,
  version: 1,
  about: 'A device has acted for a member, which is known from then on. Made by the ledger.',
  by: 'engine',
  body: {
    device: json<string>(
      { type: 'string', pattern: DIGEST.source },
      (value) => typeof value === 'string' && DIGEST.test(value),
      'A keyed digest of what the device calls itself.',
      'ACT_BODY_INVALID',
    ),
  },
  needs: ['admin'],
  refusals: [],

  decide(see, { device }, { time }) {
    if (isErased(see)) return { legs: [], effects: [], why: {} };
    const known = knownDevices(see.record<Json>(DEVICES, DEVICES_KEY));
    return {
      legs: [],
      records: [devicesRecord(seenDevice(known, device, time))],
      effects: [],
      why: { device },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});

// A rule of risk: who goes over a threshold of a signal is marked.

import { AMOUNT_MAX } from '../../limits.js';
import { oneOf } from '../../protocol/definition-fields.js';
import { asset, optional, whole } from '../../protocol/fields.js';
import { APPROVALS } from './approval.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';
import {
  action,
  commandKinds,
  holdsMs,
  RISK_SIGNALS,
  type RiskSignal,
  reason,
  STOPS,
  signalProblem,
  windowMs,
} from './risk-words.js';

/** What is judged in the commit itself: more minor units than `over` are taken from a device that the member has not had for `windowMs`. */
export const NEW_DEVICE = 'new-device';

export const riskRule = kind({
  name: 'risk-rule',
  about:
    'Who goes over a threshold of a signal in a window is marked as a risk: its points are stopped, reviewed, asked a second factor for, or nothing is.',
  decides: {
    reason: reason(),
    signal: oneOf(
      [...RISK_SIGNALS, NEW_DEVICE],
      'What is looked at. new-device: what is taken by a device that the member has not had for windowMs.',
    ),
    windowMs: windowMs(),
    /** Who has more is marked. */
    over: whole(
      0,
      AMOUNT_MAX,
      'DEFINITION_INVALID',
      'More than this: members, commands, or minor units of the asset.',
    ),
    /** Of signals in points: which. Of new-device: which is taken; left out: whichever. */
    asset: optional(asset()),
    kinds: commandKinds(),
    action: action(),
    holdsMs: holdsMs(),
    ...STOPS,
    ...APPROVALS,
  },
  shows: WORDS,
  group: ({ signal }) => signal,
  check: ({ signal, windowMs: ms, asset: of, kinds }) =>
    signal === NEW_DEVICE
      ? kinds === undefined
        ? null
        : { field: 'kinds', detail: 'kinds goes with the signal commands.' }
      : signalProblem({ signal: signal as RiskSignal, windowMs: ms, asset: of, kinds }),
});

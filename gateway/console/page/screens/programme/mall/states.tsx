// The states of orders. Owns: what they are called, how they look.

import type { JSX } from 'preact';
import type { OrderRecord } from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { Status } from '../../../ui/parts.js';
import { MALL } from './words.js';

const t = speaker(MALL);

export type OrderState = OrderRecord['state'];

const LOOKS = { held: 'accent', pending: 'warn', completed: 'good', cancelled: 'plain' } as const;
const NAMES = {
  held: 'stateHeld',
  pending: 'statePending',
  completed: 'stateCompleted',
  cancelled: 'stateCancelled',
} as const;

export const ORDER_STATES = Object.keys(NAMES) as readonly OrderState[];
export const stateName = (state: OrderState): string => t(NAMES[state]);

export const StateShown = ({ state }: { state: OrderState }): JSX.Element => (
  <Status kind={LOOKS[state]}>{stateName(state)}</Status>
);

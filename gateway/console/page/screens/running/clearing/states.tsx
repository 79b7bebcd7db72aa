// States of cycles, disputes and rates, as marks. Owns: how good each is.

import type { JSX } from 'preact';
import { speaker } from '../../../../../web/page/shell/language.js';
import { Status } from '../../../ui/parts.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);

const KINDS = {
  active: 'good',
  answered: 'plain',
  closed: 'good',
  closing: 'warn',
  draft: 'warn',
  open: 'warn',
  rejected: 'plain',
  retired: 'plain',
  settled: 'good',
  withdrawn: 'plain',
} as const satisfies Record<string, 'plain' | 'good' | 'warn' | 'danger'>;

export type State = keyof typeof KINDS;

export const clearingStateText = (state: State): string => t(`state_${state}`);

export const DisputeTag = ({ of }: { of: State }): JSX.Element => (
  <Status kind={KINDS[of]}>{clearingStateText(of)}</Status>
);

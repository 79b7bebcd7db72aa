// States of this folder's screens, as marks. Owns: how good each is.

import type { JSX } from 'preact';
import { speaker } from '../../../../../web/page/shell/language.js';
import { Status } from '../../../ui/parts.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);

const KINDS = {
  active: 'good',
  agree: 'good',
  any: 'plain',
  completed: 'good',
  differ: 'danger',
  done: 'good',
  ended: 'plain',
  failed: 'danger',
  in_progress: 'plain',
  maintenance: 'warn',
  open: 'warn',
  pending_approval: 'warn',
  resolved: 'good',
  retrying: 'warn',
  running: 'plain',
  started: 'plain',
  unknown: 'warn',
} as const satisfies Record<string, 'plain' | 'good' | 'warn' | 'danger'>;

export type State = keyof typeof KINDS;

export const stateText = (state: State): string => t(`state_${state}`);

export const StateTag = ({ of }: { of: State }): JSX.Element => (
  <Status kind={KINDS[of]}>{stateText(of)}</Status>
);

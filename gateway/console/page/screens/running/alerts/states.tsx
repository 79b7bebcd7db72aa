// How bad an alert is, and how it stands, as marks. Owns: how good each is; what is said in the reader's language.

import type { JSX } from 'preact';
import { language, speaker } from '../../../../../web/page/shell/language.js';
import { Status } from '../../../ui/parts.js';
import { ALERTS } from './words.js';

const t = speaker(ALERTS);

const KINDS = {
  critical: 'danger',
  warning: 'warn',
  info: 'plain',
  firing: 'danger',
  silenced: 'plain',
  resolved: 'good',
  active: 'good',
  off: 'plain',
} as const;

export type Mark = keyof typeof KINDS;

export const MarkTag = ({ of }: { of: Mark }): JSX.Element => (
  <Status kind={KINDS[of]}>{t(of)}</Status>
);

/** What the ledger says in both languages. */
export const said = (words: { readonly zh: string; readonly en: string }): string =>
  language.value === 'zh' ? words.zh : words.en;

const MINUTE_MS = 60_000;
export const minutesText = (ms: number): string =>
  t('minutesOf', { n: Math.round((ms / MINUTE_MS) * 10) / 10 });

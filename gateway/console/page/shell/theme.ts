// Dark or light. Owns: the choice, kept over visits; `data-theme` of the document. Never touches: colours (style.css).

import { signal } from '@preact/signals';
import { browserStore } from '../../../web/page/shell/browser-stores.js';

export const THEMES = ['system', 'light', 'dark'] as const;
/** `system`: as the computer is set. */
export type Theme = (typeof THEMES)[number];

const KEY = 'console.theme';
const store = browserStore('local');
const isTheme = (text: string | undefined): text is Theme => THEMES.some((one) => one === text);

const kept = store.get(KEY);
export const theme = signal<Theme>(isTheme(kept) ? kept : 'system');

const dark = matchMedia('(prefers-color-scheme: dark)');
/** Is it dark now? Charts are drawn in its colours. */
export const isDark = signal(false);

function show(): void {
  isDark.value = theme.peek() === 'dark' || (theme.peek() === 'system' && dark.matches);
  document.documentElement.dataset.theme = isDark.peek() ? 'dark' : 'light';
}

export function choose(one: Theme): void {
  store.set(KEY, one);
  theme.value = one;
  show();
}

export function beginTheme(): void {
  dark.addEventListener('change', show);
  show();
}

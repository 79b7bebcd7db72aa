// What is secret, and shown when it is asked for. Owns: that it is on the screen no longer than it is wanted; copying. Never touches: where it comes from; it is kept nowhere.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { speaker } from '../shell/language.js';
import { table } from '../words/words.js';
import { Button } from './parts.js';

const t = speaker(
  table({
    en: {
      show: 'Show',
      hide: 'Hide',
      copy: 'Copy',
      copied: 'Copied.',
      notCopied: 'This browser does not let us copy. Select it and copy it by hand.',
    },
    zh: {
      show: '显示',
      hide: '隐藏',
      copy: '复制',
      copied: '已复制。',
      notCopied: '浏览器不允许自动复制，请手动选择复制。',
    },
  }),
);

/** As much of a secret as says which one it is: the last letters of a long one. */
const masked = (text: string): string => `••••${text.length >= 8 ? text.slice(-3) : ''}`;

/** Copies what is no secret, or is shown: says whether it did. */
export function Copy({ text, label }: { text: string; label: string }): JSX.Element {
  const came = useSignal<'copied' | 'notCopied' | undefined>(undefined);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      came.value = 'copied';
    } catch {
      came.value = 'notCopied';
    }
  };
  return (
    <>
      <Button
        kind="quiet"
        icon="copy"
        label={`${t('copy')}: ${label}`}
        onClick={() => void copy()}
      />
      <span class="hint" role="status">
        {came.value && t(came.value)}
      </span>
    </>
  );
}

/** A secret behind a button. It is hidden again when the page goes into the background. `label`: what it is. */
export function Secret({ text, label }: { text: string; label: string }): JSX.Element {
  const isShown = useSignal(false);
  useEffect(() => {
    const hide = (): void => {
      if (document.visibilityState === 'hidden') isShown.value = false;
    };
    document.addEventListener('visibilitychange', hide);
    return () => document.removeEventListener('visibilitychange', hide);
  }, []);
  return (
    <span class="secret">
      <code>{isShown.value ? text : masked(text)}</code>
      <Button
        kind="quiet"
        label={`${t(isShown.value ? 'hide' : 'show')}: ${label}`}
        onClick={() => {
          isShown.value = !isShown.value;
        }}
      >
        {t(isShown.value ? 'hide' : 'show')}
      </Button>
      <Copy text={text} label={label} />
    </span>
  );
}

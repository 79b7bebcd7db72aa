// A field for an amount of an asset. Owns: how it is read. Never touches: how much there is.

import type { JSX } from 'preact';
import { amount, speaker } from '../../../../../web/page/shell/language.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { minorOf } from '../../../../../web/page/words/words.js';
import { MEMBER } from '../words.js';

const t = speaker(MEMBER);

export function AmountField({
  label,
  text,
  scale,
  hint,
  isRequired = true,
  fills = 'amount',
  onInput,
}: {
  label: string;
  text: string;
  scale: number;
  hint?: string;
  isRequired?: boolean;
  /** What it fills of the call. */
  fills?: string;
  onInput: (text: string) => void;
}): JSX.Element {
  const isWrong = text.trim() !== '' && minorOf(text, scale) === undefined;
  return (
    <Field
      label={label}
      value={text}
      fills={fills}
      inputMode="decimal"
      placeholder={amount(0, scale)}
      onInput={onInput}
      hint={hint}
      error={isWrong ? t('amountWrong') : undefined}
      isRequired={isRequired}
    />
  );
}

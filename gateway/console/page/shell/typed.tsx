// What operators type to be known: passwords, one-time codes. Owns: how each is asked for, so that what keeps passwords finds it. Never touches: how it is judged.

import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { speaker } from '../../../web/page/shell/language.js';
import { Field } from '../../../web/page/ui/parts.js';
import { SIGN_IN } from '../words/sign-in.js';

const t = speaker(SIGN_IN);

/** The password that there is. */
export const PasswordNow = ({ password }: { password: Signal<string> }): JSX.Element => (
  <Field
    label={t('now')}
    type="password"
    autoComplete="current-password"
    bound={password}
    isRequired
  />
);

/** A one-time code. `hint`: that a code of recovery will do too; `isFirst`: it is what is asked for now. */
export const Code = ({
  code,
  hint,
  isFirst = false,
}: {
  code: Signal<string>;
  hint?: string;
  isFirst?: boolean;
}): JSX.Element => (
  <Field
    label={t('code')}
    inputMode="numeric"
    autoComplete="one-time-code"
    maxLength={20}
    bound={code}
    hint={hint}
    isRequired
    isFirst={isFirst}
  />
);

/** A new password, typed twice. */
export interface NewPassword {
  readonly password: Signal<string>;
  readonly again: Signal<string>;
  /** It was to be sent: only then is it told that the two differ. */
  readonly isTried: Signal<boolean>;
  /** Whether it can be sent; what it lacks is told from now on. */
  tried(): boolean;
  clear(): void;
}

export function useNewPassword(): NewPassword {
  const password = useSignal('');
  const again = useSignal('');
  const isTried = useSignal(false);
  return {
    password,
    again,
    isTried,
    tried() {
      isTried.value = true;
      return password.value === again.value;
    },
    clear() {
      password.value = again.value = '';
      isTried.value = false;
    },
  };
}

export const NewPasswordFields = ({
  of: { password, again, isTried },
}: {
  of: NewPassword;
}): JSX.Element => (
  <>
    <Field
      label={t('newPassword')}
      type="password"
      autoComplete="new-password"
      hint={t('newPasswordHint')}
      bound={password}
      isRequired
    />
    <Field
      label={t('again')}
      type="password"
      autoComplete="new-password"
      error={isTried.value && password.value !== again.value ? t('differs') : undefined}
      bound={again}
      isRequired
    />
  </>
);

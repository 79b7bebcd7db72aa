// Another password. Owns: what is asked for. Never touches: what a password must be, which the server says. Passwords are kept nowhere: what is sent is sent once, and
// where no answer came, that is said (member.P1 is for what has an id).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { postV1MembersByOwnerPassword } from '../../../../web/page/api/operations.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { useCall } from '../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Form, Note } from '../../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../../web/page/ui/told.js';
import { owner } from '../../shell/app.js';
import { ACCOUNT } from './words.js';

const t = speaker(ACCOUNT);
const LENGTH_MIN = 8;
const LENGTH_MAX = 256;

/** Letters as the server counts them. */
const lengthOf = (text: string): number => [...text.normalize('NFKC')].length;

export default function PasswordScreen(): JSX.Element {
  const now = useSignal('');
  const next = useSignal('');
  const again = useSignal('');
  const isShown = useSignal(false);
  const isLookedAt = useSignal(false);
  const changing = useCall(postV1MembersByOwnerPassword, 1);
  const wrong = {
    now: now.value === '' ? t('passwordMissing') : undefined,
    next:
      lengthOf(next.value) < LENGTH_MIN
        ? t('passwordShort')
        : next.value === now.value
          ? t('passwordSame')
          : undefined,
    again: again.value === next.value ? undefined : t('passwordDiffers'),
  };
  const change = async (): Promise<void> => {
    isLookedAt.value = true;
    if (Object.values(wrong).some((one) => one !== undefined)) return;
    const came = await changing.run({
      path: { owner: owner.peek() },
      body: { password: now.peek(), newPassword: next.peek() },
    });
    if (!came.ok) return;
    now.value = next.value = again.value = '';
    isLookedAt.value = false;
  };
  const { result } = changing;
  const isUnknown = result?.ok === false && result.problem.status === 0;
  const type = isShown.value ? 'text' : 'password';
  const field = (name: keyof typeof wrong, label: string, hint?: string) => {
    const text = { now, next, again }[name];
    return (
      <Field
        label={label}
        type={type}
        autoComplete={name === 'now' ? 'current-password' : 'new-password'}
        maxLength={LENGTH_MAX}
        bound={text}
        hint={hint}
        isRequired
        error={isLookedAt.value ? wrong[name] : undefined}
      />
    );
  };
  return (
    <Card>
      <Form isChecked={false} onSend={change}>
        {field('now', t('passwordNow'))}
        {field('next', t('passwordNew'), t('passwordHint'))}
        {field('again', t('passwordAgain'))}
        <label class="check">
          <input
            type="checkbox"
            checked={isShown.value}
            onChange={({ currentTarget }) => {
              isShown.value = currentTarget.checked;
            }}
          />
          <span>{t('show')}</span>
        </label>
        <Button type="submit" isBusy={changing.isBusy}>
          {t('password')}
        </Button>
      </Form>
      <div role="status">
        {result?.ok === true && (
          <Note kind="good" icon="check">
            {t('passwordDone')}
          </Note>
        )}
        {isUnknown && (
          <Note kind="warn" icon="clock">
            {t('passwordUnknown')}
          </Note>
        )}
      </div>
      {result?.ok === false && !isUnknown && <ProblemNote problem={result.problem} />}
    </Card>
  );
}

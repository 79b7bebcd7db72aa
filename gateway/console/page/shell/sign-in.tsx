// Signing in. Owns: what is typed, which is kept nowhere. Never touches: how it is judged, what is done with a session.

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { postOperatorSession } from '../../../web/page/api/operations.js';
import { session } from '../../../web/page/shell/app.js';
import { language, speak, speaker } from '../../../web/page/shell/language.js';
import { Button, Field } from '../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../web/page/ui/told.js';
import { AROUND } from '../../../web/page/words/around.js';
import { SHELL } from '../words/shell.js';
import { SIGN_IN } from '../words/sign-in.js';
import { useOwn } from './use-own.js';

const t = speaker(SIGN_IN);
const around = speaker(AROUND);
const shell = speaker(SHELL);

/** What is shown to nobody in particular, in the middle of the page. */
export function Alone({
  title,
  screen,
  children,
}: {
  title: string;
  screen: string;
  children: ComponentChildren;
}): JSX.Element {
  const other = language.value === 'zh' ? 'en' : 'zh';
  useEffect(() => {
    document.title = `${title} · ${shell('product')}`;
  }, [title]);
  return (
    <main class="sign-in" data-screen={screen}>
      <img src="/console/icons/icon.svg" alt="" width="48" height="48" />
      <h1>{title}</h1>
      {children}
      <Button
        kind="quiet"
        label={`${around('language')}: ${around('otherLanguage')}`}
        onClick={() => speak(other)}
      >
        <span lang={other === 'zh' ? 'zh-CN' : 'en'}>{around('otherLanguage')}</span>
      </Button>
    </main>
  );
}

const WAYS = ['operator', 'key'] as const;

export function SignIn(): JSX.Element {
  const way = useSignal<(typeof WAYS)[number]>('operator');
  const login = useSignal('');
  const password = useSignal('');
  const code = useSignal('');
  const key = useSignal('');
  /** The password was right, and a code is asked for. */
  const isWithCode = useSignal(false);
  const asking = useOwn(postOperatorSession);
  const send = async (): Promise<void> => {
    if (asking.isBusy) return;
    const body =
      way.value === 'key'
        ? { key: key.value.trim() }
        : {
            login: login.value.trim(),
            password: password.value,
            ...(isWithCode.value && { code: code.value }),
          };
    const came = await asking.run({ body });
    if (came.ok) {
      await session.again();
      return;
    }
    if (came.problem.code === 'CODE_REQUIRED') isWithCode.value = true;
    code.value = '';
  };
  const isAsked = asking.problem?.code === 'CODE_REQUIRED';
  return (
    <Alone title={t('title')} screen="signed-out">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset class="ways">
          <legend class="hidden">{t('ways')}</legend>
          {WAYS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="way"
                checked={way.value === one}
                onChange={() => {
                  way.value = one;
                }}
              />
              <span>{t(one === 'key' ? 'byKey' : 'operator')}</span>
            </label>
          ))}
        </fieldset>
        {way.value === 'key' ? (
          <Field
            label={t('key')}
            type="password"
            value={key.value}
            hint={t('keyHint')}
            isRequired
            onInput={(text) => {
              key.value = text;
            }}
          />
        ) : (
          <>
            <Field
              label={t('login')}
              name="username"
              autoComplete="username"
              value={login.value}
              isRequired
              onInput={(text) => {
                login.value = text;
              }}
            />
            <Field
              label={t('password')}
              type="password"
              name="password"
              autoComplete="current-password"
              value={password.value}
              isRequired
              onInput={(text) => {
                password.value = text;
              }}
            />
            {isWithCode.value && (
              <Field
                label={t('code')}
                inputMode="numeric"
                autoComplete="one-time-code"
                value={code.value}
                hint={t('codeHint')}
                maxLength={20}
                isRequired
                isFirst
                onInput={(text) => {
                  code.value = text;
                }}
              />
            )}
          </>
        )}
        {asking.problem && !isAsked && <ProblemNote problem={asking.problem} />}
        <Button type="submit" isBusy={asking.isBusy}>
          {t('signIn')}
        </Button>
      </form>
    </Alone>
  );
}

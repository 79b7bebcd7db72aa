// Signing in. Owns: what is typed, which is kept nowhere. Never touches: how it is judged, what is done with a session.

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { postOperatorSession } from '../../../web/page/api/operations.js';
import { session, signOut } from '../../../web/page/shell/app.js';
import { language, speak, speaker } from '../../../web/page/shell/language.js';
import { Button, Field, Form } from '../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../web/page/ui/told.js';
import { AROUND } from '../../../web/page/words/around.js';
import { SHELL } from '../words/shell.js';
import { SIGN_IN } from '../words/sign-in.js';
import { type Person, person } from './tokens.js';
import { Code } from './typed.js';
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
    const before = document.title;
    document.title = `${title} · ${shell('product')}`;
    return () => {
      document.title = before;
    };
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

/** Over what was shown when the session ended by itself: whoever signs in again goes on where they were. */
export function SignInAgain(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const show = (): void => dialog.current?.showModal();
  // Before anything is painted: the browser remembers what had the focus, and gives it back.
  useLayoutEffect(() => {
    show();
    return () => dialog.current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="over"
      aria-label={t('lapsedTitle')}
      onCancel={(event) => event.preventDefault()}
      onClose={show}
    >
      <SignIn again={person.value} />
    </dialog>
  );
}

const OPERATOR = 'operator:';

/** `again`: who was here until the session ended. */
export function SignIn({ again }: { again?: Person | undefined }): JSX.Element {
  const isOperator = again === undefined || again.principal.startsWith(OPERATOR);
  const way = useSignal<(typeof WAYS)[number]>(isOperator ? 'operator' : 'key');
  const login = useSignal(isOperator ? (again?.principal.slice(OPERATOR.length) ?? '') : '');
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
    <Alone title={t(again === undefined ? 'title' : 'lapsedTitle')} screen="signed-out">
      {again !== undefined && <p>{t('lapsedWhy', { name: again.name })}</p>}
      <Form class="card" onSend={send}>
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
            bound={key}
            hint={t('keyHint')}
            isRequired
            isFirst={again !== undefined}
          />
        ) : (
          <>
            <Field
              label={t('login')}
              name="username"
              autoComplete="username"
              bound={login}
              isRequired
            />
            <Field
              label={t('password')}
              type="password"
              name="password"
              autoComplete="current-password"
              bound={password}
              isRequired
              isFirst={again !== undefined}
            />
            {isWithCode.value && <Code code={code} hint={t('codeHint')} isFirst />}
          </>
        )}
        {asking.problem && !isAsked && <ProblemNote problem={asking.problem} />}
        <Button type="submit" isBusy={asking.isBusy}>
          {t('signIn')}
        </Button>
        {again !== undefined && (
          <Button kind="quiet" onClick={() => void signOut()}>
            {t('lapsedDrop')}
          </Button>
        )}
      </Form>
    </Alone>
  );
}

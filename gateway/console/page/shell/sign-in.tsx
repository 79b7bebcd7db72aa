// Signing in. Owns: what is typed, which is kept nowhere. Never touches: how it is judged, what is done with a session.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Problem } from '../../../web/page/calls/operation.js';
import { askAsNobody, session } from '../../../web/page/shell/app.js';
import { speaker } from '../../../web/page/shell/language.js';
import { Button, Field } from '../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../web/page/ui/told.js';
import { table } from '../../../web/page/words/words.js';

const t = speaker(
  table({
    en: { title: 'Sign in to the console', key: 'Key', signIn: 'Sign in' },
    zh: { title: '登录控制台', key: '密钥', signIn: '登录' },
  }),
);

export function SignIn(): JSX.Element {
  const key = useSignal('');
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  const send = async (): Promise<void> => {
    isBusy.value = true;
    problem.value = undefined;
    const body = { key: key.value.trim() };
    const sent = await askAsNobody({ method: 'POST', path: '/operator/session', body });
    if (sent.ok) await session.again();
    else problem.value = sent.problem;
    isBusy.value = false;
  };
  return (
    <main class="sign-in" data-screen="signed-out">
      <img src="/console/icons/icon.svg" alt="" width="48" height="48" />
      <h1>{t('title')}</h1>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field
          label={t('key')}
          type="password"
          value={key.value}
          autoComplete="off"
          onInput={(text) => {
            key.value = text;
          }}
        />
        {problem.value && <ProblemNote problem={problem.value} />}
        <Button type="submit" isBusy={isBusy.value}>
          {t('signIn')}
        </Button>
      </form>
    </main>
  );
}

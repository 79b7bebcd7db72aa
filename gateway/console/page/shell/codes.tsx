// One-time codes: set up, confirmed. Owns: what is typed and shown, which is kept nowhere. Never touches: how it is judged.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { postOperatorTotp, postOperatorTotpConfirm } from '../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../web/page/calls/operation.js';
import { speaker } from '../../../web/page/shell/language.js';
import { Button, Form, Note } from '../../../web/page/ui/parts.js';
import { Secret } from '../../../web/page/ui/secret.js';
import { Squares } from '../../../web/page/ui/squares.js';
import { ProblemNote } from '../../../web/page/ui/told.js';
import { SIGN_IN } from '../words/sign-in.js';
import { Code, PasswordNow } from './typed.js';
import { useOwn } from './use-own.js';

const t = speaker(SIGN_IN);

/** The password, and the code that there is already, then the new secret and a code of it. `hasCodes`: there are some, to be replaced. */
export function Codes({
  hasCodes,
  onDone,
}: {
  hasCodes: boolean;
  onDone: () => void;
}): JSX.Element {
  const made = useSignal<AnswerOf<typeof postOperatorTotp> | undefined>(undefined);
  if (made.value !== undefined) return <Confirm made={made.value} onDone={onDone} />;
  return (
    <Begin
      hasCodes={hasCodes}
      onMade={(one) => {
        made.value = one;
      }}
    />
  );
}

function Begin({
  hasCodes,
  onMade,
}: {
  hasCodes: boolean;
  onMade: (made: AnswerOf<typeof postOperatorTotp>) => void;
}): JSX.Element {
  const password = useSignal('');
  const code = useSignal('');
  const asking = useOwn(postOperatorTotp);
  const send = async (): Promise<void> => {
    const body = { password: password.value, ...(hasCodes && { code: code.value }) };
    const came = await asking.run({ body });
    if (came.ok) onMade(came.answer);
  };
  return (
    <Form class="stack" onSend={send}>
      <p>{t('codesWhy')}</p>
      <PasswordNow password={password} />
      {hasCodes && <Code code={code} />}
      {asking.problem && <ProblemNote problem={asking.problem} />}
      <Button type="submit" isBusy={asking.isBusy}>
        {t(hasCodes ? 'codesReplace' : 'codesBegin')}
      </Button>
    </Form>
  );
}

function Confirm({
  made: { secret, qr },
  onDone,
}: {
  made: AnswerOf<typeof postOperatorTotp>;
  onDone: () => void;
}): JSX.Element {
  const code = useSignal('');
  const asking = useOwn(postOperatorTotpConfirm);
  const send = async (): Promise<void> => {
    const came = await asking.run({ body: { code: code.value } });
    if (came.ok) onDone();
    else code.value = '';
  };
  return (
    <Form class="stack" onSend={send}>
      <p>{t('scan')}</p>
      <Squares qr={qr} label={t('picture')} />
      <p>
        {t('secret')}: <Secret text={secret} label={t('secret')} />
      </p>
      <Code code={code} hint={t('codeHint')} isFirst />
      {asking.problem && <ProblemNote problem={asking.problem} />}
      <Button type="submit" isBusy={asking.isBusy}>
        {t('confirm')}
      </Button>
    </Form>
  );
}

/** Where codes are required, and there are none: nothing else can be done. */
export const CodesNeeded = (): JSX.Element => (
  <Note kind="warn" icon="lock">
    <p>{t('codesRequired')}</p>
  </Note>
);

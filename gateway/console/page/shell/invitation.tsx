// An invitation: whoever has its link sets the password of an operator. Owns: the secret behind the #, which goes out of the address at once; what is typed. Never
// touches: how it is judged.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  postOperatorInvitation,
  postOperatorInvitationLook,
} from '../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../web/page/calls/operation.js';
import { session } from '../../../web/page/shell/app.js';
import { date, speaker } from '../../../web/page/shell/language.js';
import { go, href } from '../../../web/page/shell/router.js';
import { Button, Form, Note, Skeleton } from '../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../web/page/ui/told.js';
import { SIGN_IN } from '../words/sign-in.js';
import { Alone } from './sign-in.js';
import { NewPasswordFields, useNewPassword } from './typed.js';
import { useOwn } from './use-own.js';

const t = speaker(SIGN_IN);

/** Where links of invitations lead, below the page's address. */
export const INVITATION = 'invitation';

/** What stood behind the # when the page was loaded: neither the history nor a picture of the screen has it from then on. */
let secret: string | undefined;
function taken(): string {
  if (location.hash.length > 1) {
    secret = location.hash.slice(1);
    history.replaceState(null, '', location.pathname);
  }
  return secret ?? '';
}

export function Invitation(): JSX.Element {
  const invitation = taken();
  const looking = useOwn(postOperatorInvitationLook);
  const seen = useSignal<AnswerOf<typeof postOperatorInvitationLook> | undefined>(undefined);
  useEffect(() => {
    void looking.run({ body: { invitation } }).then((came) => {
      if (came.ok) seen.value = came.answer;
    });
  }, [invitation]);
  if (seen.value !== undefined) return <Password invitation={invitation} seen={seen.value} />;
  return (
    <Alone title={t('setPassword')} screen="invitation">
      {looking.problem === undefined ? (
        <Skeleton lines={3} />
      ) : looking.problem.code === 'INVITATION_NOT_FOUND' ? (
        <Note kind="danger" icon="cross">
          <p>{t('invitationGone')}</p>
        </Note>
      ) : (
        <ProblemNote
          problem={looking.problem}
          onAgain={() => void looking.run({ body: { invitation } })}
        />
      )}
    </Alone>
  );
}

function Password({
  invitation,
  seen: { operator, name, until },
}: {
  invitation: string;
  seen: AnswerOf<typeof postOperatorInvitationLook>;
}): JSX.Element {
  const next = useNewPassword();
  const using = useOwn(postOperatorInvitation);
  const send = async (): Promise<void> => {
    if (!next.tried()) return;
    const came = await using.run({ body: { invitation, password: next.password.value } });
    if (!came.ok) return;
    secret = undefined;
    await session.again();
    go(href(), true);
  };
  return (
    <Alone title={t('invitationTitle', { name })} screen="invitation">
      <Form class="card" onSend={send}>
        <p>{t('invitationWhy', { operator, until: date(until, 'time') })}</p>
        {/* For what keeps passwords. */}
        <input type="hidden" name="username" autocomplete="username" value={operator} />
        <NewPasswordFields of={next} />
        {using.problem && <ProblemNote problem={using.problem} />}
        <Button type="submit" isBusy={using.isBusy}>
          {t('setPassword')}
        </Button>
      </Form>
    </Alone>
  );
}

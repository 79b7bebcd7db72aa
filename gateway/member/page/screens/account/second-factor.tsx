// The second factor: set up, proved, removed. Owns: what is typed and shown, which is kept nowhere. Never touches: how it is judged.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1MembersByOwnerSecondFactor,
  type NewSecondFactor,
  postV1MembersByOwnerSecondFactor,
  postV1MembersByOwnerSecondFactorConfirm,
  postV1MembersByOwnerSecondFactorProof,
  postV1MembersByOwnerSecondFactorRecoveryCodes,
  postV1MembersByOwnerSecondFactorRemove,
  type SecondFactor,
} from '../../../../web/page/api/operations.js';
import type { Problem } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { session } from '../../../../web/page/shell/app.js';
import { far, speaker } from '../../../../web/page/shell/language.js';
import { useCall } from '../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Note } from '../../../../web/page/ui/parts.js';
import { Secret } from '../../../../web/page/ui/secret.js';
import { Squares } from '../../../../web/page/ui/squares.js';
import { Answered, ProblemNote } from '../../../../web/page/ui/told.js';
import { owner } from '../../shell/app.js';
import { SECOND_FACTOR } from './second-factor-words.js';

const t = speaker(SECOND_FACTOR);
const CODE_LENGTH_MAX = 40;
const PASSWORD_LENGTH_MAX = 256;

export default function SecondFactorScreen(): JSX.Element {
  const asked = { path: { owner: owner.value } };
  const known = useAnswer(getV1MembersByOwnerSecondFactor, asked, { isKept: false });
  const recovery = useSignal<readonly string[] | undefined>(undefined);
  if (recovery.value !== undefined)
    return (
      <Recovery
        codes={recovery.value}
        onDone={() => {
          recovery.value = undefined;
        }}
      />
    );
  const tell = (codes: readonly string[]): void => {
    recovery.value = codes;
  };
  return (
    <Answered known={known}>
      {(answer) =>
        answer.state === 'on' ? <On answer={answer} onCodes={tell} /> : <SetUp onCodes={tell} />
      }
    </Answered>
  );
}

/** A form with a password, a code, or both. */
function Asks({
  lead,
  send,
  fields,
  isBusy,
  problem,
  isDanger = false,
  onSend,
}: {
  lead: string;
  send: string;
  fields: readonly ('password' | 'code')[];
  isBusy: boolean;
  problem: Problem | undefined;
  isDanger?: boolean;
  onSend: (typed: { password: string; code: string }) => Promise<boolean>;
}): JSX.Element {
  const password = useSignal('');
  const code = useSignal('');
  const submit = async (): Promise<void> => {
    const isDone = await onSend({ password: password.peek(), code: code.peek().trim() });
    // A code is good once, whatever came of it.
    code.value = '';
    if (isDone) password.value = '';
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p>{lead}</p>
      {fields.includes('password') && (
        <Field
          label={t('password')}
          type="password"
          autoComplete="current-password"
          maxLength={PASSWORD_LENGTH_MAX}
          value={password.value}
          isRequired
          onInput={(typed) => {
            password.value = typed;
          }}
        />
      )}
      {fields.includes('code') && (
        <Field
          label={t('code')}
          autoComplete="one-time-code"
          maxLength={CODE_LENGTH_MAX}
          hint={t('codeHint')}
          value={code.value}
          isRequired
          onInput={(typed) => {
            code.value = typed;
          }}
        />
      )}
      {problem && <ProblemNote problem={problem} />}
      <Button type="submit" kind={isDanger ? 'danger' : 'main'} isBusy={isBusy}>
        {send}
      </Button>
    </form>
  );
}

function SetUp({ onCodes }: { onCodes: (codes: readonly string[]) => void }): JSX.Element {
  const made = useSignal<NewSecondFactor | undefined>(undefined);
  const beginning = useCall(postV1MembersByOwnerSecondFactor, 1);
  const confirming = useCall(postV1MembersByOwnerSecondFactorConfirm, 1);
  const path = { owner: owner.value };
  const fresh = made.value;
  if (fresh === undefined)
    return (
      <Card>
        <Asks
          lead={t('why')}
          send={t('begin')}
          fields={['password']}
          isBusy={beginning.isBusy}
          problem={beginning.result?.ok === false ? beginning.result.problem : undefined}
          onSend={async ({ password }) => {
            const came = await beginning.run({ path, body: { password } });
            if (came.ok) made.value = came.answer;
            return came.ok;
          }}
        />
      </Card>
    );
  return (
    <Card>
      <Squares qr={fresh.qr} label={t('picture')} />
      <p>
        {t('secret')}: <Secret text={fresh.secret} label={t('secret')} />
      </p>
      <Asks
        lead={t('scan')}
        send={t('confirm')}
        fields={['code']}
        isBusy={confirming.isBusy}
        problem={confirming.result?.ok === false ? confirming.result.problem : undefined}
        onSend={async ({ code }) => {
          const came = await confirming.run({ path, body: { code } });
          if (came.ok) {
            onCodes(came.answer.recoveryCodes);
            await session.again();
          }
          return came.ok;
        }}
      />
    </Card>
  );
}

/** Codes for who has lost the phone, shown this once. */
const Recovery = ({
  codes,
  onDone,
}: {
  codes: readonly string[];
  onDone: () => void;
}): JSX.Element => (
  <Card title={t('recovery')}>
    <Note kind="warn" icon="lock">
      <p>{t('recoveryWhy')}</p>
    </Note>
    <ul>
      {codes.map((one) => (
        <li key={one}>
          <code>{one}</code>
        </li>
      ))}
    </ul>
    <Button onClick={onDone}>{t('recoveryKept')}</Button>
  </Card>
);

function On({
  answer: { since, recoveryCodes = 0 },
  onCodes,
}: {
  answer: SecondFactor;
  onCodes: (codes: readonly string[]) => void;
}): JSX.Element {
  const doing = useSignal<'nothing' | 'renewing' | 'removing'>('nothing');
  const proving = useCall(postV1MembersByOwnerSecondFactorProof, 1);
  const renewing = useCall(postV1MembersByOwnerSecondFactorRecoveryCodes, 1);
  const removing = useCall(postV1MembersByOwnerSecondFactorRemove, 1);
  const path = { owner: owner.value };
  const { result } = proving;
  return (
    <>
      <Card title={t('prove')}>
        <div role="status">
          {result?.ok === true && (
            <Note kind="good" icon="check">
              <p>{t('proved', { when: far(result.answer.until) })}</p>
            </Note>
          )}
        </div>
        <Asks
          lead={t('proveWhy')}
          send={t('prove')}
          fields={['code']}
          isBusy={proving.isBusy}
          problem={result?.ok === false ? result.problem : undefined}
          onSend={async ({ code }) => {
            const came = await proving.run({ path, body: { code } });
            // A new token is judged by every node as it is now.
            if (came.ok) await session.again();
            return came.ok;
          }}
        />
      </Card>
      <Card title={t('title')}>
        <p>
          {since !== undefined && t('since', { when: far(since) })}{' '}
          {t('recoveryLeft', { n: recoveryCodes })}
        </p>
        {doing.value === 'nothing' && (
          <div class="buttons">
            <Button
              kind="plain"
              onClick={() => {
                doing.value = 'renewing';
              }}
            >
              {t('recoveryRenew')}
            </Button>
            <Button
              kind="danger"
              onClick={() => {
                doing.value = 'removing';
              }}
            >
              {t('remove')}
            </Button>
          </div>
        )}
        {doing.value === 'renewing' && (
          <Asks
            lead={t('recoveryRenewWhy')}
            send={t('recoveryRenew')}
            fields={['password', 'code']}
            isBusy={renewing.isBusy}
            problem={renewing.result?.ok === false ? renewing.result.problem : undefined}
            onSend={async (body) => {
              const came = await renewing.run({ path, body });
              if (came.ok) onCodes(came.answer.recoveryCodes);
              return came.ok;
            }}
          />
        )}
        {doing.value === 'removing' && (
          <Asks
            lead={t('removeWhy')}
            send={t('remove')}
            fields={['password', 'code']}
            isBusy={removing.isBusy}
            problem={removing.result?.ok === false ? removing.result.problem : undefined}
            isDanger
            onSend={async (body) => (await removing.run({ path, body })).ok}
          />
        )}
      </Card>
    </>
  );
}

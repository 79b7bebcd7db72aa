// Another account that is the member's, too. Owns: which proof is asked for. Never touches: what is believed. Passwords and tickets are kept nowhere.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1UsersByOwner,
  postV1MembersByOwnerLinks,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { useCall } from '../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Form, Note } from '../../../../web/page/ui/parts.js';
import { Sure } from '../../../../web/page/ui/sure.js';
import { ProblemNote } from '../../../../web/page/ui/told.js';
import { owner } from '../../shell/app.js';
import { useWhere } from '../../shell/where.js';
import { ACCOUNT } from './words.js';

const t = speaker(ACCOUNT);

export default function LinksScreen(): JSX.Element {
  return (
    <>
      <Now />
      <Linking />
    </>
  );
}

function Now(): JSX.Element | null {
  const { answer } = useAnswer(
    getV1UsersByOwner,
    { path: { owner: owner.value } },
    { isKept: false },
  );
  const where = useWhere().answer;
  const mappings = answer?.mappings.filter(({ status }) => status === 'active') ?? [];
  if (mappings.length === 0) return null;
  return (
    <Card title={t('linksNow')}>
      <ul class="list">
        {mappings.map(({ system, user }) => (
          <li key={`${system} ${user}`} class="row">
            <span class="grow">
              {where?.platforms.find(({ platform }) => platform === system)?.name ?? system}
            </span>
            <span class="hint">{t('user', { user })}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

type Way = 'ticket' | 'login';

function Linking(): JSX.Element {
  const way = useSignal<Way>('ticket');
  const typed = {
    ticket: useSignal(''),
    login: useSignal(''),
    other: useSignal(''),
    mine: useSignal(''),
  };
  const isLookedAt = useSignal(false);
  const isSure = useSignal(false);
  const linking = useCall(postV1MembersByOwnerLinks);
  const needed: readonly (keyof typeof typed)[] =
    way.value === 'ticket' ? ['ticket', 'mine'] : ['login', 'other', 'mine'];
  const link = async (): Promise<void> => {
    const { ticket, login, other, mine } = typed;
    const proof =
      way.peek() === 'ticket'
        ? { ticket: ticket.peek().trim() }
        : { login: login.peek().trim(), otherPassword: other.peek() };
    const came = await linking.run({
      path: { owner: owner.peek() },
      body: { password: mine.peek(), ...proof },
    });
    isSure.value = false;
    if (!came.ok) return;
    for (const one of Object.values(typed)) one.value = '';
    isLookedAt.value = false;
  };
  const field = (
    name: keyof typeof typed,
    label: string,
    more: { type?: 'password'; autoComplete?: string; hint?: string } = {},
  ) => (
    <Field
      label={label}
      {...more}
      value={typed[name].value}
      isRequired
      error={isLookedAt.value && typed[name].value === '' ? t('missing') : undefined}
      onInput={(text) => {
        typed[name].value = text;
      }}
    />
  );
  const { result } = linking;
  return (
    <Card>
      <p class="hint">{t('linksWhy')}</p>
      <Form
        isChecked={false}
        onSend={() => {
          isLookedAt.value = true;
          if (needed.every((name) => typed[name].value !== '')) isSure.value = true;
        }}
      >
        <Field
          label={t('linkHow')}
          value={way.value}
          onInput={(one) => {
            way.value = one === 'login' ? 'login' : 'ticket';
            isLookedAt.value = false;
          }}
        >
          <option value="ticket">{t('linkByTicket')}</option>
          <option value="login">{t('linkByLogin')}</option>
        </Field>
        {way.value === 'ticket' ? (
          field('ticket', t('linkTicket'))
        ) : (
          <>
            {field('login', t('linkLogin'))}
            {field('other', t('linkOther'), { type: 'password' })}
          </>
        )}
        {field('mine', t('linkMine'), {
          type: 'password',
          autoComplete: 'current-password',
          hint: t('linkMineHint'),
        })}
        <Button type="submit" isBusy={linking.isBusy}>
          {t('link')}
        </Button>
      </Form>
      <div role="status">
        {result?.ok === true && (
          <Note kind="good" icon="check">
            {t(result.answer?.merged === undefined ? 'linkedNew' : 'linkedMerged')}
          </Note>
        )}
      </div>
      {result?.ok === false && <ProblemNote problem={result.problem} />}
      {isSure.value && (
        <Sure
          title={t('linkSure')}
          what={t('linkWhat')}
          yes={t('linkYes')}
          no={t('cancel')}
          isBusy={linking.isBusy}
          onYes={() => void link()}
          onNo={() => {
            isSure.value = false;
          }}
        />
      )}
    </Card>
  );
}

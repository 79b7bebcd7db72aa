// Inviting others: the member's own code, sharing it, and using somebody else's. Owns: this screen.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { postV1ActsRefer, postV1ActsReferralCode } from '../../../../web/page/api/operations.js';
import { amount, date, speaker } from '../../../../web/page/shell/language.js';
import { place } from '../../../../web/page/shell/router.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Button, Card, Empty, Field, Form, Note } from '../../../../web/page/ui/parts.js';
import { Answered, OutcomeNote } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may, owner } from '../../shell/app.js';
import {
  type ProgrammeThere,
  programmeName,
  scaleOf,
  unitOf,
  useWhere,
} from '../../shell/where.js';
import { effectsOf } from '../done.js';
import { CODE_LENGTH, codeFrom, drawnCode } from './referral-code.js';

const t = speaker(
  table({
    en: {
      none: 'There is nothing to invite to at the moment.',
      mine: 'Your code',
      show: 'Show my code',
      terms: 'You get {yours}, whoever uses your code gets {theirs} {unit}.',
      until: 'It can be used until {when}.',
      share: 'Share',
      copy: 'Copy',
      copied: 'Copied.',
      notCopied: 'It could not be copied: mark it and copy it by hand.',
      text: 'Join me with my code {code}: {link}',
      use: 'Have you been invited?',
      code: 'Code of who invited you',
      wrong: 'A code has six letters and digits.',
      send: 'Use this code',
      used: 'Your invitation counts.',
    },
    zh: {
      none: '目前没有邀请活动。',
      mine: '我的邀请码',
      show: '查看我的邀请码',
      terms: '您可得 {yours}，使用您邀请码的好友可得 {theirs} {unit}。',
      until: '有效期至 {when}。',
      share: '分享',
      copy: '复制',
      copied: '已复制。',
      notCopied: '无法复制，请手动选中并复制。',
      text: '用我的邀请码 {code} 加入：{link}',
      use: '您是被邀请来的吗？',
      code: '邀请人的邀请码',
      wrong: '邀请码由六位字母和数字组成。',
      send: '使用邀请码',
      used: '邀请已生效。',
    },
  }),
);

function Own({ programme }: { programme: ProgrammeThere }): JSX.Element {
  const where = useWhere();
  const action = useAction(postV1ActsReferralCode, t('mine'));
  const drawn = useSignal(drawnCode());
  const copied = useSignal<boolean | undefined>(undefined);
  const { outcome } = action;
  const effect =
    outcome?.state === 'done'
      ? effectsOf(outcome.answer).find(({ type }) => type === 'referralCode')
      : undefined;
  const code = typeof effect?.code === 'string' ? effect.code : undefined;
  const scale = scaleOf(where.answer, programme.asset);
  const ask = async (): Promise<void> => {
    const body = { programme: programme.programme, code: drawn.peek() };
    const came = await action.run({ body: { owner: owner.peek(), body } });
    if (came.state === 'refused' && came.problem.code === 'REFERRAL_CODE_TAKEN')
      drawn.value = drawnCode();
  };
  const text = (known: string): string =>
    t('text', { code: known, link: `${location.origin}/me/referral?code=${known}` });
  const copy = async (known: string): Promise<void> => {
    copied.value = await navigator.clipboard?.writeText(text(known)).then(
      () => true,
      () => false,
    );
    copied.value ??= false;
  };
  const share = async (known: string): Promise<void> => {
    try {
      await navigator.share({ text: text(known) });
    } catch (error) {
      // Whoever closes the list of apps has not failed.
      if ((error as Error).name !== 'AbortError') await copy(known);
    }
  };
  const { referrer = 0, newcomer = 0 } = programme.referral ?? {};
  return (
    <Card title={t('mine')} action={<span class="small muted">{programmeName(programme)}</span>}>
      <p class="small muted">
        {t('terms', {
          yours: amount(referrer, scale),
          theirs: amount(newcomer, scale),
          unit: unitOf(where.answer, programme.asset),
        })}
      </p>
      {code === undefined ? (
        <Button isBusy={action.isBusy} onClick={() => void ask()}>
          {t('show')}
        </Button>
      ) : (
        <>
          <p class="code" translate={false}>
            {code}
          </p>
          {typeof effect?.until === 'number' && (
            <p class="small muted">{t('until', { when: date(effect.until) })}</p>
          )}
          <div class="line">
            {'share' in navigator && (
              <Button icon="share" onClick={() => void share(code)}>
                {t('share')}
              </Button>
            )}
            <Button kind="plain" icon="copy" onClick={() => void copy(code)}>
              {t('copy')}
            </Button>
          </div>
        </>
      )}
      <div role="status">
        {copied.value !== undefined && (
          <Note kind={copied.value ? 'good' : 'warn'}>
            {t(copied.value ? 'copied' : 'notCopied')}
          </Note>
        )}
      </div>
      {outcome !== undefined && outcome.state !== 'done' && (
        <OutcomeNote outcome={outcome}>{null}</OutcomeNote>
      )}
    </Card>
  );
}

function Use({ programme }: { programme: ProgrammeThere }): JSX.Element {
  const action = useAction(postV1ActsRefer, t('send'));
  const typed = useSignal(place.peek().query.code ?? '');
  const error = useSignal<string | undefined>(undefined);
  const send = (): void => {
    const code = codeFrom(typed.peek());
    error.value = code === undefined ? t('wrong') : undefined;
    if (code === undefined) return;
    const body = { programme: programme.programme, code };
    void action.run({ body: { owner: owner.peek(), body } });
  };
  return (
    <Card title={t('use')}>
      <Form class="stack" onSend={send}>
        <Field label={t('code')} bound={typed} error={error.value} maxLength={4 * CODE_LENGTH} />
        <Button kind="plain" type="submit" isBusy={action.isBusy}>
          {t('send')}
        </Button>
      </Form>
      <OutcomeNote outcome={action.outcome}>{t('used')}</OutcomeNote>
    </Card>
  );
}

export default function Referral(): JSX.Element {
  const where = useWhere();
  return (
    <Answered known={where} lines={6}>
      {({ programmes }) => {
        const having = programmes.filter(({ referral }) => referral !== undefined);
        return having.length === 0 || !may('participate') ? (
          <Empty icon="share">{t('none')}</Empty>
        ) : (
          having.map((programme) => (
            <section key={programme.programme} class="stack" aria-label={programmeName(programme)}>
              <Own programme={programme} />
              <Use programme={programme} />
            </section>
          ))
        );
      }}
    </Answered>
  );
}

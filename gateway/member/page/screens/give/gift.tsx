// Points that a member gives to another one. Owns: what is asked for, and that it is looked at again before it is given. Never touches: what may be given, which the
// commit says.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import {
  getV1AccountsByOwner,
  getV1MembersByOwner,
  postV1ActsGift,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { actions, openActions } from '../../../../web/page/shell/app.js';
import { amount as amountOf, far, speaker } from '../../../../web/page/shell/language.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Dialog } from '../../../../web/page/ui/dialog.js';
import { Button, Card, Field, Form, Note } from '../../../../web/page/ui/parts.js';
import { Copy } from '../../../../web/page/ui/secret.js';
import { Answered, OutcomeNote } from '../../../../web/page/ui/told.js';
import { minorOf } from '../../../../web/page/words/words.js';
import { owner } from '../../shell/app.js';
import { type ProgrammeThere, points, scaleOf, type Where } from '../../shell/where.js';
import { InProgramme } from '../mall/choose.js';
import { isOwner, leftToGive } from './partner.js';
import { GIVE } from './words.js';

const t = speaker(GIVE);
const WISH_LENGTH_MAX = 200;
const PATH = '/v1/acts/gift';

export default function GiftScreen(): JSX.Element {
  return (
    <>
      <InProgramme isFit={({ gifting }) => gifting !== undefined} none={t('giftNone')}>
        {(programme, where) => (
          <Gift key={programme.programme} programme={programme} where={where} />
        )}
      </InProgramme>
      <Card title={t('yourNumber')}>
        <p>
          <code>{owner.value}</code> <Copy text={owner.value} label={t('yourNumber')} />
        </p>
        <p class="hint">{t('yourNumberWhy')}</p>
      </Card>
    </>
  );
}

function Gift({ programme, where }: { programme: ProgrammeThere; where: Where }): JSX.Element {
  const { asset } = programme;
  const scale = scaleOf(where, asset);
  const told = (minor: number): string => points(where, minor, asset);
  const member = useAnswer(getV1MembersByOwner, {
    path: { owner: owner.value },
    query: { programme: programme.programme },
  });
  const account = useAnswer(getV1AccountsByOwner, { path: { owner: owner.value } });
  const has = account.answer?.accounts.find((one) => one.asset === asset)?.available ?? 0;
  const gifts = member.answer?.gifts;
  const left = gifts && leftToGive(gifts);
  const to = useSignal('');
  const typed = useSignal('');
  const wish = useSignal('');
  const isLookedAt = useSignal(false);
  const isSure = useSignal(false);
  const minor = minorOf(typed.value, scale);
  const receiver = to.value.trim();
  const wrongTo = !isOwner(receiver)
    ? t('toWrong')
    : receiver === owner.value
      ? t('toSelf')
      : undefined;
  const wrongAmount =
    minor === undefined
      ? t('amountWrong', { example: amountOf(10 * 10 ** scale, scale) })
      : minor > has
        ? t('tooMany', { points: told(has) })
        : left !== undefined && minor > left
          ? t('tooMuch', { points: told(left) })
          : undefined;
  const doing = useAction(
    postV1ActsGift,
    t('giveTitle', { points: told(minor ?? 0), to: receiver }),
  );
  const give = async (): Promise<void> => {
    const words = wish.peek().trim();
    await doing.run({
      body: {
        owner: owner.peek(),
        body: {
          programme: programme.programme,
          to: receiver,
          amount: minor ?? 0,
          ...(words === '' ? {} : { wish: words }),
        },
      },
    });
    isSure.value = false;
  };
  const isOpen = openActions.value.some(({ question }) => question.path === PATH);
  const { outcome } = doing;
  const done = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (outcome?.state === 'done') done.current?.focus();
  }, [outcome]);
  if (outcome?.state === 'done')
    return (
      <div class="card" role="status" ref={done} tabIndex={-1}>
        <Note kind="good" icon="check">
          {t('given', { points: told(minor ?? 0), to: receiver })}
        </Note>
        <Button
          kind="plain"
          onClick={() => {
            to.value = typed.value = wish.value = '';
            isLookedAt.value = false;
            doing.reset();
          }}
        >
          {t('another')}
        </Button>
      </div>
    );
  return (
    <Answered known={member}>
      {() => (
        <Card>
          <Limits gifts={gifts} told={told} has={has} />
          <Form
            isChecked={false}
            onSend={() => {
              isLookedAt.value = true;
              if (wrongTo === undefined && wrongAmount === undefined) isSure.value = true;
            }}
          >
            <Field
              label={t('to')}
              hint={t('toHint')}
              bound={to}
              maxLength={64}
              isRequired
              error={isLookedAt.value ? wrongTo : undefined}
            />
            <Field
              label={t('amount')}
              inputMode={scale === 0 ? 'numeric' : 'decimal'}
              bound={typed}
              maxLength={24}
              isRequired
              error={isLookedAt.value ? wrongAmount : undefined}
            />
            <Field
              label={`${t('wish')} (${t('optional')})`}
              bound={wish}
              maxLength={WISH_LENGTH_MAX}
            />
            {isOpen && !doing.isBusy ? (
              <Note kind="warn" icon="clock">
                <p>{t('pending')}</p>
                <Button kind="plain" onClick={() => void actions.resume(owner.peek())}>
                  {t('askNow')}
                </Button>
              </Note>
            ) : (
              <Button type="submit" isOff={left === 0}>
                {t('next')}
              </Button>
            )}
            <OutcomeNote outcome={outcome}>{null}</OutcomeNote>
          </Form>
          {isSure.value && (
            <Dialog
              title={t('sure')}
              onClose={() => {
                isSure.value = false;
              }}
            >
              <dl>
                <dt>{t('sureTo')}</dt>
                <dd>
                  <code>{receiver}</code>
                </dd>
                <dt>{t('sureAmount')}</dt>
                <dd>{told(minor ?? 0)}</dd>
              </dl>
              <p>{t('sureWhy')}</p>
              <div class="buttons">
                <Button isBusy={doing.isBusy} onClick={() => void give()}>
                  {t('give', { points: told(minor ?? 0) })}
                </Button>
                <Button
                  kind="plain"
                  onClick={() => {
                    isSure.value = false;
                  }}
                >
                  {t('back')}
                </Button>
              </div>
            </Dialog>
          )}
        </Card>
      )}
    </Answered>
  );
}

/** What may be given in a day, and what of that is used up. */
function Limits({
  gifts,
  told,
  has,
}: {
  gifts: (Parameters<typeof leftToGive>[0] & { readonly until: number }) | undefined;
  told: (minor: number) => string;
  has: number;
}): JSX.Element {
  const { mostEach, mostPoints, mostTimes } = gifts ?? {};
  return (
    <ul class="facts">
      <li>{t('has', { points: told(has) })}</li>
      {mostEach !== undefined && <li>{t('limitEach', { points: told(mostEach) })}</li>}
      {gifts !== undefined && mostPoints !== undefined && (
        <li>{t('limitDay', { used: told(gifts.points), points: told(mostPoints) })}</li>
      )}
      {gifts !== undefined && mostTimes !== undefined && (
        <li>{t('limitTimes', { used: gifts.times, n: mostTimes })}</li>
      )}
      {gifts !== undefined && leftToGive(gifts) === 0 && (
        <li>
          {t('nothingLeft')} {t('limitUntil', { when: far(gifts.until) })}
        </li>
      )}
    </ul>
  );
}

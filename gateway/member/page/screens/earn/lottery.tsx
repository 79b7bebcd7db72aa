// Lucky draws: what may be won and how likely, drawing, and checking each draw here in the browser. Owns: this screen. Never touches: what is drawn.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1MembersByOwnerDraws,
  postV1LotteriesByLotteryDraws,
  postV1LotteriesByLotteryWords,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { amount, date, number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { DrawCheck } from '../../../../web/page/ui/draw-check.js';
import { Button, Card, Empty, Field, Form, When } from '../../../../web/page/ui/parts.js';
import { Answered, OutcomeNote, ProblemNote } from '../../../../web/page/ui/told.js';
import { AROUND } from '../../../../web/page/words/around.js';
import { table } from '../../../../web/page/words/words.js';
import { may, owner } from '../../shell/app.js';
import {
  type ProgrammeThere,
  programmeName,
  scaleOf,
  unitOf,
  useWhere,
  type Where,
} from '../../shell/where.js';
import { effectsOf } from '../done.js';

const around = speaker(AROUND);
const t = speaker(
  table({
    en: {
      none: 'There are no draws at the moment.',
      draw: 'Draw for {cost} {unit}',
      free: 'Draw',
      perDay: { one: '{n} draw a day', other: '{n} draws a day' },
      pause: { one: '{n} second between draws', other: '{n} seconds between draws' },
      until: 'Open until {when}',
      prizes: 'What may be won',
      chance: '{percent} %',
      won: 'You have drawn: {name}',
      worth: '+{amount} {unit}',
      mine: 'My draws',
      word: 'Your own word',
      wordHint:
        'It goes into the draws of the coming period, so that nobody can have known them before. One word for each period.',
      wordWrong: 'A word has 1 to 64 letters, digits and ._:@/+=~- .',
      commit: 'Use this word',
      committed: 'Your word goes into the draws of the coming period.',
    },
    zh: {
      none: '目前没有抽奖活动。',
      draw: '花 {cost} {unit} 抽奖',
      free: '抽奖',
      perDay: '每天可抽 {n} 次',
      pause: '两次抽奖需间隔 {n} 秒',
      until: '截止 {when}',
      prizes: '奖品与概率',
      chance: '{percent}%',
      won: '您抽到了：{name}',
      worth: '+{amount} {unit}',
      mine: '我的抽奖记录',
      word: '您的口令',
      wordHint: '口令会参与下一周期的抽奖计算，因此没有人能事先知道结果。每个周期一个口令。',
      wordWrong: '口令为 1 至 64 个字母、数字或 ._:@/+=~- 。',
      commit: '使用此口令',
      committed: '您的口令将用于下一周期的抽奖。',
    },
  }),
);

type Lottery = ProgrammeThere['lotteries'][number];
export type Draw = AnswerOf<typeof getV1MembersByOwnerDraws>['draws'][number];

const WORD = /^(?!\.{1,2}$)[A-Za-z0-9._:@/+=~-]{1,64}$/;

function Prizes({ lottery }: { lottery: Lottery }): JSX.Element {
  const total = lottery.prizes.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <details>
      <summary>{t('prizes')}</summary>
      <ul class="pairs">
        {lottery.prizes.map(({ prize, name, weight }) => (
          <li key={prize} class="line between">
            <span class="wrap">{name ?? prize}</span>
            <span class="muted">
              {t('chance', { percent: number(Math.round((10_000 * weight) / total) / 100) })}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Word({ lottery }: { lottery: Lottery }): JSX.Element {
  const action = useAction(postV1LotteriesByLotteryWords, t('word'));
  const word = useSignal('');
  const error = useSignal<string | undefined>(undefined);
  return (
    <details>
      <summary>{t('word')}</summary>
      <Form
        class="stack"
        onSend={() => {
          const text = word.peek().trim();
          error.value = WORD.test(text) ? undefined : t('wordWrong');
          if (error.value === undefined)
            void action.run({
              path: { lottery: lottery.lottery },
              body: { owner: owner.peek(), word: text },
            });
        }}
      >
        <Field
          label={t('word')}
          hint={t('wordHint')}
          bound={word}
          error={error.value}
          maxLength={64}
        />
        <Button kind="plain" type="submit" isBusy={action.isBusy}>
          {t('commit')}
        </Button>
      </Form>
      <OutcomeNote outcome={action.outcome}>{t('committed')}</OutcomeNote>
    </details>
  );
}

function Drawn({ answer, scale, unit }: { answer: unknown; scale: number; unit: string }) {
  const effect = effectsOf(answer).find(({ type }) => type === 'draw');
  const won = typeof effect?.amount === 'number' ? effect.amount : 0;
  return (
    <>
      <strong class="wrap">
        {t('won', { name: String(effect?.name ?? effect?.prize ?? '') })}
      </strong>
      {won > 0 && <p class="amount in">{t('worth', { amount: amount(won, scale), unit })}</p>}
    </>
  );
}

function Draws({ lottery, scale }: { lottery: Lottery; scale: number }): JSX.Element | null {
  const list = usePages(
    getV1MembersByOwnerDraws,
    { path: { owner: owner.value }, query: { lottery: lottery.lottery, limit: 10 } },
    ({ draws }) => draws,
  );
  return (
    <Answered known={list.known} lines={2}>
      {() =>
        list.items.length > 0 && (
          <>
            <h3>{t('mine')}</h3>
            <ul class="pairs">
              {list.items.map((draw) => (
                <li key={draw.draw}>
                  <div class="line between">
                    <span class="wrap">{draw.name || draw.prize}</span>
                    <span class="line small muted">
                      {draw.amount > 0 && (
                        <span class="amount in">+{amount(draw.amount, scale)}</span>
                      )}
                      <When ms={draw.at} form="time" />
                    </span>
                  </div>
                  <DrawCheck draw={draw} />
                </li>
              ))}
            </ul>
            {list.isMore && (
              <Button kind="quiet" isBusy={list.isBusy} onClick={list.more}>
                {around('moreOf')}
              </Button>
            )}
            {list.problem && <ProblemNote problem={list.problem} onAgain={list.more} />}
          </>
        )
      }
    </Answered>
  );
}

function OneLottery({
  programme,
  lottery,
  where,
}: {
  programme: ProgrammeThere;
  lottery: Lottery;
  where: Where;
}): JSX.Element {
  const name = lottery.name ?? lottery.lottery;
  const action = useAction(postV1LotteriesByLotteryDraws, name);
  const scale = scaleOf(where, programme.asset);
  const unit = unitOf(where, programme.asset);
  const { outcome } = action;
  return (
    <Card title={name} action={<span class="small muted">{programmeName(programme)}</span>}>
      {lottery.description !== undefined && <p class="wrap">{lottery.description}</p>}
      <p class="line small muted">
        {lottery.dailyLimit !== undefined && <span>{t('perDay', { n: lottery.dailyLimit })}</span>}
        {lottery.cooldownSeconds !== undefined && lottery.cooldownSeconds > 0 && (
          <span>{t('pause', { n: lottery.cooldownSeconds })}</span>
        )}
        {lottery.to !== undefined && lottery.to < FAR && (
          <span>{t('until', { when: date(lottery.to) })}</span>
        )}
      </p>
      {may('redeem') && (
        <Button
          icon="lottery"
          isBusy={action.isBusy}
          onClick={() =>
            void action.run({ path: { lottery: lottery.lottery }, body: { owner: owner.peek() } })
          }
        >
          {lottery.cost > 0 ? t('draw', { cost: amount(lottery.cost, scale), unit }) : t('free')}
        </Button>
      )}
      <OutcomeNote outcome={outcome}>
        {outcome?.state === 'done' && <Drawn answer={outcome.answer} scale={scale} unit={unit} />}
      </OutcomeNote>
      <Prizes lottery={lottery} />
      {may('redeem') && <Word lottery={lottery} />}
      <Draws lottery={lottery} scale={scale} />
    </Card>
  );
}

/** Times further off than this are "for ever" to people. */
const FAR = Date.now() + 20 * 365 * 86_400_000;

export default function Lotteries(): JSX.Element {
  const where = useWhere();
  return (
    <Answered known={where} lines={6}>
      {(there) => {
        const all = there.programmes.flatMap((programme) =>
          programme.lotteries.map((lottery) => ({ programme, lottery })),
        );
        return all.length === 0 ? (
          <Empty icon="lottery">{t('none')}</Empty>
        ) : (
          all.map(({ programme, lottery }) => (
            <OneLottery
              key={lottery.lottery}
              programme={programme}
              lottery={lottery}
              where={there}
            />
          ))
        );
      }}
    </Answered>
  );
}

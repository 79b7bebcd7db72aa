// A draw checked by its seed, here in the browser: nothing of the ledger's own answer is believed. Owns: how what was found is told. Never touches: the check itself
// (gateway/draws/check.ts).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { DrawSeed, ToldDraw } from '../../../../engine/protocol/draw.js';
import { drawProblem, type Finding, findings, type Step } from '../../../draws/check.js';
import { DIGESTS } from '../../../draws/digests.js';
import { getV1DrawsSeeds, type getV1MembersByOwnerDraws } from '../api/operations.js';
import type { AnswerOf, Problem } from '../calls/operation.js';
import { caller } from '../shell/app.js';
import { speaker } from '../shell/language.js';
import { table } from '../words/words.js';
import { Icon } from './icons.js';
import { Button, Note } from './parts.js';
import { ProblemNote } from './told.js';

type Draw = AnswerOf<typeof getV1MembersByOwnerDraws>['draws'][number];

const WORDS = table({
  en: {
    check: 'Check this draw',
    right: 'The draw is right: worked out here, out of the seed that was promised before.',
    wrong: 'The draw is NOT shown to be right.',
    later: 'It can be checked when the seed of its period is published. Try again later.',
    insecure: 'This browser checks draws over a secure connection (https) alone.',
    broken: 'It cannot be checked: the draw is not told as a whole.',
    published: 'The seed was promised before the draw',
    revealed: 'The seed is published',
    seed: 'The seed is the promised one',
    period: 'The draw was in the time of this seed',
    number: 'The seed gives this number',
    prize: 'The number is of this prize',
    substitute: 'What could not be given was replaced as promised',
    won: 'This is what was won',
  },
  zh: {
    check: '验证这次抽奖',
    right: '抽奖结果正确：由您的浏览器根据事先承诺的种子计算得出。',
    wrong: '无法证明这次抽奖正确。',
    later: '该周期的种子公布后才能验证，请稍后再试。',
    insecure: '此浏览器只能在安全连接（https）下验证抽奖。',
    broken: '无法验证：抽奖信息不完整。',
    published: '种子在抽奖之前已承诺',
    revealed: '种子已公布',
    seed: '种子与承诺一致',
    period: '抽奖在该种子的周期内',
    number: '由种子得出该号码',
    prize: '该号码对应此奖品',
    substitute: '无法发放的奖品已按承诺替换',
    won: '这就是中奖结果',
  },
});
const t = speaker(WORDS);
/** Each step has its words: another one is an error of types. */
const told = (step: Step): string => t(step);

type State =
  | { readonly is: 'asking' }
  | { readonly is: 'failed'; readonly problem: Problem }
  | { readonly is: 'said'; readonly what: 'later' | 'insecure' | 'broken' }
  | { readonly is: 'checked'; readonly all: readonly Finding[] };

async function checked(draw: Draw): Promise<State> {
  if (crypto.subtle === undefined) return { is: 'said', what: 'insecure' };
  if (drawProblem(draw) !== undefined) return { is: 'said', what: 'broken' };
  const { shard, number } = draw.seed;
  const result = await caller.ask(getV1DrawsSeeds, {
    query: { shard, before: number + 1, limit: 1 },
  });
  if (!result.ok) return { is: 'failed', problem: result.problem };
  // JSON has no field that is undefined.
  const all = await findings(draw as ToldDraw, result.answer.seeds as readonly DrawSeed[], DIGESTS);
  const isLater = all.at(-1)?.step === 'revealed' && all.at(-1)?.isRight === false;
  const isLost = result.answer.seeds[0]?.isLost === true;
  return isLater && !isLost ? { is: 'said', what: 'later' } : { is: 'checked', all };
}

export function DrawCheck({ draw }: { draw: Draw }): JSX.Element {
  const state = useSignal<State | undefined>(undefined);
  const check = async (): Promise<void> => {
    state.value = { is: 'asking' };
    state.value = await checked(draw);
  };
  const now = state.value;
  const isRight = now?.is === 'checked' && now.all.every((one) => one.isRight);
  return (
    <div class="stack tight">
      <Button kind="quiet" isBusy={now?.is === 'asking'} onClick={() => void check()}>
        {t('check')}
      </Button>
      <div role="status">
        {now?.is === 'failed' && <ProblemNote problem={now.problem} />}
        {now?.is === 'said' && (
          <Note kind={now.what === 'broken' ? 'warn' : 'plain'} icon="clock">
            {t(now.what)}
          </Note>
        )}
        {now?.is === 'checked' && (
          <Note kind={isRight ? 'good' : 'danger'} icon={isRight ? 'check' : 'cross'}>
            <strong>{t(isRight ? 'right' : 'wrong')}</strong>
            <ul class="small">
              {now.all.map((one) => (
                <li key={one.step} class="line">
                  <Icon name={one.isRight ? 'check' : 'cross'} size={14} />
                  <span title={one.text}>{told(one.step)}</span>
                </li>
              ))}
            </ul>
          </Note>
        )}
      </div>
    </div>
  );
}

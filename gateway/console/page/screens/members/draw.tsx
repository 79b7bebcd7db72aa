// One draw of a member: what was won, out of which number and seed; it is checked here. Owns: this screen. Never touches: how it was decided.

import type { JSX } from 'preact';
import { getV1MembersByOwnerDrawsByDraw } from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../web/page/shell/screen.js';
import { DrawCheck } from '../../../../web/page/ui/draw-check.js';
import { Card, When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { Head } from '../../ui/head.js';
import { Facts, Id, Json } from '../../ui/parts.js';
import { Table } from '../../ui/table/table.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      title: 'Draw {n} · {lottery}',
      draws: 'Draws',
      won: 'Won',
      roll: 'Number drawn',
      rollOf: '{roll} of {total}',
      drawn: 'Prize of that number',
      soldOut: 'Sold out, in turn',
      word: 'The member’s word',
      seed: 'Hash of the seed',
      period: 'Seed',
      periodOf: 'Number {n} of shard {shard}',
      version: 'Version of the lottery',
      prizes: 'Prizes, as they counted',
      prize: 'Prize',
      weight: 'Weight',
      chance: 'Chance',
      substitute: 'Where there is none left',
      transfer: 'What it moved',
      open: 'The command',
      all: 'The draw as it is told',
      check: 'Is it right?',
      checkWhy:
        'It is worked out here out of the seed, once that is published. Nothing of the ledger is believed.',
    },
    zh: {
      title: '第 {n} 次抽奖 · {lottery}',
      draws: '抽奖',
      won: '中奖结果',
      roll: '抽中号码',
      rollOf: '{roll}（共 {total}）',
      drawn: '该号码对应的奖品',
      soldOut: '依次缺货',
      word: '会员提供的文字',
      seed: '种子的哈希',
      period: '种子',
      periodOf: '分片 {shard} 的第 {n} 个',
      version: '抽奖规则版本',
      prizes: '当时的奖品',
      prize: '奖品',
      weight: '权重',
      chance: '概率',
      substitute: '缺货时替换为',
      transfer: '积分变动',
      open: '查看操作',
      all: '抽奖原始信息',
      check: '结果是否正确',
      checkWhy: '种子公布后由浏览器自行计算，不依赖账本的结论。',
    },
  }),
);

type Draw = AnswerOf<typeof getV1MembersByOwnerDrawsByDraw>;

const percent = (part: number, total: number): string =>
  total === 0 ? '–' : `${number(Math.round((part / total) * 10_000) / 100)} %`;

function Told({ owner, draw }: { owner: string; draw: Draw }): JSX.Element {
  const version = `${href('definitions', 'lottery', draw.lottery)}?b=${draw.version}`;
  const total = draw.prizes.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <>
      <Facts
        rows={[
          [t('won'), <strong key="won">{draw.name}</strong>],
          [m('at'), <When key="at" ms={draw.at} form="time" />],
          [m('id'), <Id key="id" id={draw.draw} label={m('id')} />],
          [
            t('transfer'),
            <a key="transfer" href={href('members', owner, 'transfers', draw.draw)}>
              {t('open')}
            </a>,
          ],
          [t('roll'), t('rollOf', { roll: number(draw.roll), total: number(total) })],
          [t('drawn'), draw.drawn !== draw.prize && draw.drawn],
          [t('soldOut'), draw.soldOut?.join(', ')],
          [t('word'), draw.word !== '' && <code class="wrap">{draw.word}</code>],
          [
            t('period'),
            t('periodOf', { n: number(draw.seed.number), shard: number(draw.seed.shard) }),
          ],
          [
            t('seed'),
            <code key="seed" class="wrap">
              {draw.seed.hash}
            </code>,
          ],
          [
            t('version'),
            <a key="version" href={version}>
              {number(draw.version)}
            </a>,
          ],
        ]}
      />
      <Card title={t('check')}>
        <p class="muted">{t('checkWhy')}</p>
        <DrawCheck draw={draw} />
      </Card>
      <Card title={t('prizes')}>
        <Table
          label={t('prizes')}
          rows={draw.prizes}
          columns={[
            { name: 'prize', title: t('prize'), cell: ({ key }) => <code>{key}</code> },
            {
              name: 'weight',
              title: t('weight'),
              cell: ({ weight }) => number(weight),
              isNumber: true,
            },
            {
              name: 'chance',
              title: t('chance'),
              cell: ({ weight }) => percent(weight, total),
              isNumber: true,
            },
            {
              name: 'substitute',
              title: t('substitute'),
              cell: ({ substitute }) => substitute ?? '–',
              isMinor: true,
            },
          ]}
          keyOf={({ key }) => key}
          hrefOf={() => version}
        />
      </Card>
      <Json value={draw} label={t('all')} />
    </>
  );
}

export default function DrawScreen({ params }: ScreenProps): JSX.Element {
  const { owner = '', draw = '' } = params;
  const known = useAnswer(
    getV1MembersByOwnerDrawsByDraw,
    { path: { owner, draw } },
    { isKept: false },
  );
  const { answer } = known;
  return (
    <>
      <Head
        title={
          answer === undefined
            ? draw
            : t('title', { n: number(answer.number), lottery: answer.lottery })
        }
        crumbs={[
          { title: m('members'), href: href('members') },
          { title: owner, href: href('members', owner) },
          { title: t('draws'), href: `${href('members', owner)}?tab=draws` },
        ]}
      />
      <Answered known={known} lines={8}>
        {(one) => <Told owner={owner} draw={one} />}
      </Answered>
    </>
  );
}

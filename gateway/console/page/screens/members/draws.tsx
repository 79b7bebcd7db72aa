// A member's draws, by lottery. Owns: this part. Never touches: how a draw is decided, how it is checked.

import type { JSX } from 'preact';
import {
  getV1MembersByOwnerDraws,
  getV1MembersByOwnerProgrammes,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href } from '../../../../web/page/shell/router.js';
import { Card, When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { useAmounts, type Written } from './assets.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      none: 'There is no lottery for this member.',
      noDraws: 'Nothing was drawn.',
      number: 'Draw',
      prize: 'Won',
      worth: 'Points won',
      roll: 'Number drawn',
      lottery: 'Lottery',
    },
    zh: {
      none: '没有适用于该会员的抽奖。',
      noDraws: '没有抽奖记录。',
      number: '第几次',
      prize: '奖品',
      worth: '所得积分',
      roll: '抽中号码',
      lottery: '抽奖活动',
    },
  }),
);

type Draw = AnswerOf<typeof getV1MembersByOwnerDraws>['draws'][number];

const columns = (written: Written, asset: string): readonly Column<Draw>[] => [
  { name: 'number', title: t('number'), cell: (draw) => number(draw.number) },
  { name: 'at', title: m('at'), cell: ({ at }) => <When ms={at} form="time" /> },
  { name: 'prize', title: t('prize'), cell: ({ name }) => <span class="wrap">{name}</span> },
  {
    name: 'worth',
    title: t('worth'),
    cell: ({ amount }) => (amount === 0 ? '–' : written(amount, asset)),
    isNumber: true,
  },
  {
    name: 'roll',
    title: t('roll'),
    cell: ({ roll }) => number(roll),
    isNumber: true,
    isMinor: true,
  },
];

function OfLottery({
  owner,
  lottery,
  name,
  asset,
}: {
  owner: string;
  lottery: string;
  name: string;
  asset: string;
}): JSX.Element {
  const written = useAmounts();
  const pages = usePages(
    getV1MembersByOwnerDraws,
    { path: { owner }, query: { lottery } },
    ({ draws }) => draws,
    { isKept: false },
  );
  return (
    <Card
      title={name}
      action={<a href={href('definitions', 'lottery', lottery)}>{t('lottery')}</a>}
    >
      <PagedTable
        label={name}
        pages={pages}
        columns={columns(written, asset)}
        keyOf={({ draw }) => draw}
        hrefOf={({ draw }) => href('members', owner, 'draws', draw)}
        empty={t('noDraws')}
      />
    </Card>
  );
}

export function DrawsPart({ owner }: { owner: string }): JSX.Element {
  const known = useAnswer(getV1MembersByOwnerProgrammes, { path: { owner } });
  return (
    <Answered known={known}>
      {({ programmes }) => {
        const all = programmes.flatMap(({ asset, lotteries }) =>
          lotteries.map(({ lottery, name = lottery }) => ({ lottery, name, asset })),
        );
        return all.length === 0 ? (
          <p class="muted">{t('none')}</p>
        ) : (
          all.map((one) => <OfLottery key={one.lottery} owner={owner} {...one} />)
        );
      }}
    </Answered>
  );
}

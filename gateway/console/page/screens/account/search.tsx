// All that is found for a text.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { getV1Search } from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { ask, place } from '../../../../web/page/shell/router.js';
import { Button, Field, Form, Note, When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { noteOf, titleOf } from '../../shell/palette.js';
import { addressOf, type Found } from '../../shell/screens.js';
import { Head } from '../../ui/head.js';
import { Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { Table } from '../../ui/table/table.js';
import { SHELL } from '../../words/shell.js';

const shell = speaker(SHELL);
const t = speaker(
  table({
    en: {
      what: 'What it is',
      found: 'Found',
      when: 'When',
      state: 'How it stands',
      none: 'Nothing is found for “{q}”. Names of members are found by how they begin, anything else whole.',
      begin:
        'A member’s name, a user of a platform, a login name, phone number or mail address, an order, a code of a coupon, card or referral, the id of an event, transfer or exchange.',
      behind:
        'The register of members is still being read: {n} blocks are left. Not all is found yet.',
    },
    zh: {
      what: '类型',
      found: '结果',
      when: '时间',
      state: '状态',
      none: '没有找到“{q}”。会员号可按开头查找，其他内容需完整输入。',
      begin:
        '可输入会员号、平台用户、登录名、手机号或邮箱、订单号、优惠券/礼品卡/邀请码，以及事件、交易、兑换的编号。',
      behind: '会员登记仍在读取，还剩 {n} 个区块，结果可能不完整。',
    },
  }),
);

const LIMIT = 100;

const columns = (): Column<Found>[] => [
  { name: 'found', title: t('found'), cell: (one) => titleOf(one) },
  { name: 'what', title: t('what'), cell: (one) => noteOf(one) },
  {
    name: 'state',
    title: t('state'),
    cell: ({ state }) =>
      state !== undefined && <Status kind={state === 'ok' ? 'good' : 'warn'}>{state}</Status>,
  },
  {
    name: 'at',
    title: t('when'),
    cell: ({ at }) => at !== undefined && <When ms={at} form="time" />,
    isMinor: true,
  },
];

export default function Search(): JSX.Element {
  const q = (place.value.query.q ?? '').trim();
  const text = useSignal(q);
  useEffect(() => {
    text.value = q;
  }, [q]);
  const known = useAnswer(getV1Search, q === '' ? undefined : { query: { q, limit: LIMIT } }, {
    isKept: false,
  });
  return (
    <>
      <Head title={shell('search')} />
      <search>
        <Form
          class="line end"
          onSend={() => {
            ask({ q: text.value.trim() });
          }}
        >
          <div class="grow">
            <Field label={shell('search')} type="search" bound={text} maxLength={128} />
          </div>
          <Button type="submit" icon="search">
            {shell('search')}
          </Button>
        </Form>
        <p class="muted small">{t('begin')}</p>
      </search>
      {q !== '' && (
        <Answered known={known}>
          {({ results, behind }) => (
            <>
              {behind > 0 && (
                <Note kind="warn" icon="clock">
                  <p>{t('behind', { n: behind })}</p>
                </Note>
              )}
              <Table
                label={shell('search')}
                rows={results}
                columns={columns()}
                keyOf={(one) => `${one.type} ${one.owner} ${one.key} ${one.system}`}
                hrefOf={addressOf}
                empty={t('none', { q })}
              />
            </>
          )}
        </Answered>
      )}
    </>
  );
}

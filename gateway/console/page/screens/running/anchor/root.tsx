// A root that is anchored, and what it stands for. Owns: this screen. Never touches: how it is put together.

import type { JSX } from 'preact';
import { getV1AnchorRootsByNumber } from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, When } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Head } from '../../../ui/head.js';
import { Facts, Id } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { ANCHOR } from './words.js';

const t = speaker(ANCHOR);
const NUMBER = /^[1-9]\d{0,14}$/;

export default function Root({ params }: ScreenProps): JSX.Element {
  const said = params.number ?? '';
  const n = NUMBER.test(said) ? Number(said) : 0;
  const known = useAnswer(getV1AnchorRootsByNumber, { path: { number: n } });
  return (
    <>
      <Head
        title={t('root', { n: said })}
        crumbs={[{ title: t('title'), href: href('anchor') }]}
        actions={
          <>
            {n > 1 && (
              <a class="button plain" href={href('anchor', 'roots', String(n - 1))}>
                {t('before')}
              </a>
            )}
            {known.answer !== undefined && (
              <a class="button plain" href={href('anchor', 'roots', String(n + 1))}>
                {t('after')}
              </a>
            )}
          </>
        }
      />
      <Answered known={known}>
        {(root) => (
          <>
            <Facts
              rows={[
                [t('rootHash'), <Id key="root" id={root.root} label={t('rootHash')} />],
                [t('ledger'), root.name],
                [t('entries'), number(root.entries)],
                [t('at'), <When key="at" ms={root.at} form="time" />],
                [
                  t('confirmedAt'),
                  root.confirmedAt === null ? (
                    t('notConfirmed')
                  ) : (
                    <When ms={root.confirmedAt} form="time" />
                  ),
                ],
                [
                  t('transaction'),
                  root.transaction !== null && (
                    <Id id={root.transaction} label={t('transaction')} />
                  ),
                ],
                [t('contract'), <Id key="contract" id={root.contract} label={t('contract')} />],
                [t('chain'), String(root.chainId)],
              ]}
            />
            <Card title={t('stands')}>
              <Table
                label={t('stands')}
                rows={root.shards}
                columns={[
                  { name: 'shard', title: t('shard'), cell: ({ shard }) => String(shard) },
                  {
                    name: 'size',
                    title: t('size'),
                    cell: ({ size }) => number(size),
                    isNumber: true,
                  },
                  {
                    name: 'root',
                    title: t('shardRoot'),
                    cell: (one) => <code class="wrap">{one.root}</code>,
                  },
                ]}
                keyOf={({ shard }) => String(shard)}
                hrefOf={({ shard }) => `${href('status')}#shard-${shard}`}
              />
            </Card>
          </>
        )}
      </Answered>
    </>
  );
}

// The accounts of a member. Owns: this part. Never touches: one account (account.tsx).

import type { JSX } from 'preact';
import { getV1AccountsByOwner } from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { Facts, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { Table } from '../../ui/table/table.js';
import { useAmounts, type Written } from './assets.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      label: 'Accounts',
      earned: 'Earned',
      spent: 'Spent',
      expired: 'Expired',
      entries: 'Entries',
      none: 'This member has no account yet.',
      worth: 'Worth in {coalition}',
    },
    zh: {
      label: '账户',
      earned: '累计获得',
      spent: '累计使用',
      expired: '累计过期',
      entries: '明细数',
      none: '该会员还没有账户。',
      worth: '在 {coalition} 中的价值',
    },
  }),
);

/** An account as it is now. */
export interface AccountNow {
  readonly asset: string;
  readonly available: number;
  readonly held: number;
  readonly pending: number;
  readonly total: number;
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
  readonly version: number;
  readonly creditLimit: number;
  readonly frozen: boolean;
  readonly closed: boolean;
  readonly lots: readonly {
    readonly expiresAt: number | null;
    readonly available: number;
    readonly held: number;
  }[];
}

/** Of what is answered, accounts as they are now: in the past they say less. */
export const nowOf = (accounts: readonly object[]): readonly AccountNow[] =>
  accounts.filter((one): one is AccountNow => 'lots' in one);

export const Flags = ({
  account: { frozen, closed, available },
}: {
  account: Pick<AccountNow, 'frozen' | 'closed' | 'available'>;
}): JSX.Element => (
  <>
    {frozen && <Status kind="warn">{m('frozen')}</Status>}
    {closed && <Status>{m('closed')}</Status>}
    {available < 0 && <Status kind="danger">{m('owes')}</Status>}
    {!frozen && !closed && available >= 0 && <Status kind="good">{m('open')}</Status>}
  </>
);

function columns(written: Written): readonly Column<AccountNow>[] {
  const figure = (name: 'available' | 'held' | 'earned' | 'spent' | 'expired', title: string) => ({
    ...{ name, title, isNumber: true, isMinor: name !== 'available' },
    cell: (one: AccountNow) => written(one[name], one.asset),
  });
  return [
    { name: 'asset', title: m('asset'), cell: ({ asset }) => asset },
    { name: 'state', title: m('state'), cell: (account) => <Flags account={account} /> },
    figure('available', m('available')),
    figure('held', m('held')),
    figure('earned', t('earned')),
    figure('spent', t('spent')),
    figure('expired', t('expired')),
    {
      name: 'entries',
      title: t('entries'),
      cell: ({ version }) => number(version),
      isNumber: true,
      isMinor: true,
    },
  ];
}

export function AccountsPart({ owner }: { owner: string }): JSX.Element {
  const written = useAmounts();
  const known = useAnswer(getV1AccountsByOwner, { path: { owner } });
  return (
    <Answered known={known} lines={4}>
      {({ accounts, totals = [] }) => (
        <>
          <Table
            label={t('label')}
            rows={nowOf(accounts)}
            columns={columns(written)}
            keyOf={({ asset }) => asset}
            hrefOf={({ asset }) => href('members', owner, 'accounts', asset)}
            empty={t('none')}
          />
          {totals.length > 0 && (
            <Facts
              rows={totals.map(({ coalition, currency, total }) => [
                t('worth', { coalition }),
                <a key={coalition} href={href('clearing', coalition)}>
                  {`${total} ${currency}`}
                </a>,
              ])}
            />
          )}
        </>
      )}
    </Answered>
  );
}

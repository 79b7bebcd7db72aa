// Where partners and the ledger do not agree. Owns: the list. Never touches: what is found.

import type { JSX } from 'preact';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { More } from '../../../../../web/page/ui/more.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { getV1Inconsistencies, getV1Partners, type Inconsistency } from '../../../../../web/page/api/operations.js';
import { Choice, asked, type Column, choose, Rows } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { StateTag, stateText } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);
const KINDS = [
  ...(['failed_unfreeze', 'cross_system_mismatch', 'cross_system_reconciliation'] as const),
];
const STATES = ['open', 'resolved'] as const;
const chosen = <Of extends string>(name: string, of: readonly Of[]): { [key: string]: Of } => {
  const found = of.find((one) => one === asked(name));
  return found === undefined ? {} : { [name]: found };
};

export const inconsistencyColumns = (): Column<Inconsistency>[] => [
  {
    name: 'inconsistency', title: t('inconsistency'),
    cell: ({ inconsistency }) => (
      <a href={href('inconsistencies', inconsistency)}>{inconsistency}</a>
    ),
  },
  { name: 'state', title: c('state'), cell: ({ state }) => <StateTag of={state} /> },
  { name: 'partner', title: t('partner'), cell: ({ partner }) => <a href={href('partners', partner)}>{partner}</a> },
  { name: 'finding', title: t('finding'), cell: ({ finding }) => <code>{finding}</code> },
  { name: 'asset', title: t('asset'), cell: ({ asset }) => asset },
  {
    name: 'ours', title: t('ours'),
    isNumber: true,
    cell: ({ ours }) => (ours === undefined ? '–' : number(ours)),
  },
  {
    name: 'theirs', title: t('theirs'),
    isNumber: true,
    cell: ({ theirs }) => (theirs === undefined ? '–' : number(theirs)),
  },
  { name: 'opened', title: t('opened'), cell: ({ openedAt }) => date(openedAt, 'time') },
];

export default function Inconsistencies(): JSX.Element {
  const partners = useAnswer(getV1Partners, {});
  const [partner, day] = [asked('partner'), asked('day')];
  const query = {
    ...(partner !== '' && { partner }),
    ...(day !== '' && { day }),
    ...chosen('kind', KINDS),
    ...chosen('state', STATES),
  };
  const pages = usePages(getV1Inconsistencies, { query }, ({ inconsistencies }) => inconsistencies);
  return (
    <>
      <p class="hint">{t('inconsistenciesWhy')}</p>
      <div class="filters">
        <Choice
          name="partner"
          label={t('partner')}
          of={(partners.answer?.partners ?? []).map(({ platform, name }) => [
            platform,
            name ?? platform,
          ])}
        />
        <Choice name="state" label={c('state')} of={STATES.map((one) => [one, stateText(one)])} />
        <Choice name="kind" label={t('kind')} of={KINDS.map((one) => [one, one])} />
        <Field
          label={t('day')}
          type="date"
          value={day}
          onInput={(value) => choose('day', value)}
        />
      </div>
      <Answered known={pages.known}>
        {() => (
          <Rows
            label={t('inconsistencies')}
            rows={pages.items}
            keyOf={({ inconsistency }) => inconsistency}
            columns={inconsistencyColumns()}
          />
        )}
      </Answered>
      <More pages={pages} label={c('more')} />
    </>
  );
}

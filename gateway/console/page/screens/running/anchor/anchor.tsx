// How ledger and chain stand. Owns: this screen, that they are compared now. Never touches: what is sent to the chain, the key that sends it.

import type { JSX } from 'preact';
import {
  type Anchor,
  getV1Anchor,
  postV1AnchorCompare,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card, Empty, Note, When } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts, Id, Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { Differences } from './differences.js';
import { ANCHOR } from './words.js';

const t = speaker(ANCHOR);
const KINDS = {
  starting: 'plain',
  deploying: 'accent',
  ok: 'good',
  unreachable: 'danger',
  differs: 'danger',
} as const;

type Sent = NonNullable<Anchor['pending']>;
const sentText = ({ hash, attempts }: Sent): string => t('pendingOf', { hash, n: attempts });

export default function AnchorScreen(): JSX.Element {
  const known = useAnswer(getV1Anchor, {}, { isKept: false });
  const isSet = known.problem?.code !== 'ANCHOR_NOT_FOUND';
  const { answer } = known;
  const differs = isSet && answer?.status.state === 'differs';
  return (
    <>
      <Head
        title={t('title')}
        actions={
          isSet &&
          answer !== undefined &&
          may('admin') && (
            <>
              {differs && (
                <Doing
                  label={t('accept')}
                  what={t('acceptWhat')}
                  kind="danger"
                  operation={postV1AnchorCompare}
                  asked={() => ({ body: { accept: true } })}
                />
              )}
              <Doing
                label={t('compare')}
                what={t('compareWhat')}
                operation={postV1AnchorCompare}
                asked={() => ({ body: {} })}
              />
            </>
          )
        }
      >
        <p class="muted">{t('why')}</p>
      </Head>
      {!isSet && <Empty icon="link">{t('notSet')}</Empty>}
      {isSet && (
        <Answered known={known}>
          {(anchor) => (
            <>
              {differs && (
                <Note kind="danger" icon="warn">
                  {t('differsWhat')}
                </Note>
              )}
              <Now anchor={anchor} />
              <Platforms anchor={anchor} />
              <Differences of={anchor.reconciliations} />
              <Settings anchor={anchor} />
            </>
          )}
        </Answered>
      )}
    </>
  );
}

const Now = ({ anchor: { status, anchored, pending } }: { anchor: Anchor }): JSX.Element => (
  <Card title={t('state')} action={<Status kind={KINDS[status.state]}>{t(status.state)}</Status>}>
    <Facts
      rows={[
        [t('stateWhy'), status.why && <span class="wrap">{status.why}</span>],
        [t('seenAt'), <When key="at" ms={status.at} form="time" />],
        [
          t('comparedAt'),
          status.comparedAt !== undefined && <When ms={status.comparedAt} form="time" />,
        ],
        [t('block'), status.block !== undefined && number(status.block)],
        [t('anchored'), number(anchored)],
        [
          t('last'),
          anchored > 0 && (
            <a href={href('anchor', 'roots', String(anchored))}>
              {t('root', { n: number(anchored) })}
            </a>
          ),
        ],
        [
          t('pending'),
          pending === null ? (
            t('nothingPending')
          ) : (
            <span class="wrap">
              {sentText(pending)} (<When ms={pending.at} form="time" />)
            </span>
          ),
        ],
      ]}
    />
  </Card>
);

const Platforms = ({ anchor: { platforms } }: { anchor: Anchor }): JSX.Element => (
  <Card title={t('platforms')}>
    <Table
      label={t('platforms')}
      rows={platforms}
      columns={[
        { name: 'platform', title: t('platform'), cell: ({ platform }) => platform },
        { name: 'asset', title: t('asset'), cell: ({ asset }) => <code>{asset}</code> },
        {
          name: 'addresses',
          title: t('addresses'),
          cell: ({ addresses }) => number(addresses),
          isNumber: true,
        },
        {
          name: 'batches',
          title: t('batches'),
          cell: ({ batches }) => number(batches),
          isNumber: true,
          isMinor: true,
        },
        {
          name: 'pending',
          title: t('pending'),
          cell: ({ pending }) =>
            pending === null ? '–' : <span class="wrap">{sentText(pending)}</span>,
          isMinor: true,
        },
      ]}
      keyOf={({ platform, asset }) => `${platform} ${asset}`}
      hrefOf={({ platform }) => href('platforms', platform)}
      empty={t('noPlatforms')}
    />
  </Card>
);

const Settings = ({ anchor }: { anchor: Anchor }): JSX.Element => (
  <Card title={t('settings')}>
    <Facts
      rows={[
        [t('chain'), t('chainOf', { id: String(anchor.chainId), host: anchor.host })],
        [
          t('contract'),
          anchor.contract === null ? (
            t('noContract')
          ) : (
            <Id id={anchor.contract} label={t('contract')} />
          ),
        ],
        [t('account'), <Id key="account" id={anchor.account} label={t('account')} />],
        [t('ledger'), anchor.ledger],
        [t('confirmations'), number(anchor.confirmations)],
        [t('gas'), t('gasOf', { gas: number(anchor.gasMax), fee: number(anchor.feeMaxGwei) })],
        [
          t('pace'),
          t('paceOf', {
            anchor: number(anchor.anchorSeconds),
            feed: number(anchor.feedSeconds),
            compare: number(anchor.compareSeconds),
          }),
        ],
      ]}
    />
  </Card>
);

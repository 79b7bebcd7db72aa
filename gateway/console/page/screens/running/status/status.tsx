// How the ledger is: components, shards, checkpoints, NATS, who reads the log, backups. Owns: how it is shown, that it is looked at again by itself. Never touches: what
// is judged (GET /health).

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import * as api from '../../../../../web/page/api/operations.js';
import { refresh, useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Status } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { Table } from '../../../ui/table/table.js';
import { sizeText } from '../parts/sizes.js';
import { STATUS } from './words.js';

const t = speaker(STATUS);
const LOOK_SECONDS = 10;
const LEVELS = { ok: 'good', warning: 'warn', degraded: 'warn', down: 'danger' } as const;
const COMPONENTS = [
  ...(['store', 'shards', 'clock', 'checkpoints', 'clearing', 'feeds', 'transfers'] as const),
  ...(['bus', 'nodes', 'platforms'] as const),
];

const _size = (bytes: number): string => sizeText(bytes, number);

export default function StatusScreen(): JSX.Element {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh();
    }, LOOK_SECONDS * 1_000);
    return () => clearInterval(timer);
  }, []);
  const status = useAnswer(api.getV1Status, {});
  return (
    <>
      <Head title={t('status')} actions={may('admin') && <Backup />}>
        <p class="muted">{t('statusWhy', { n: LOOK_SECONDS })}</p>
      </Head>
      <Components />
      <Answered known={status}>
        {(known) => (
          <>
            <Node of={known} />
            <Shards of={known} />
            <Feeds of={known} />
          </>
        )}
      </Answered>
    </>
  );
}

const Level = ({ of }: { of: keyof typeof LEVELS }): JSX.Element => (
  <Status kind={LEVELS[of]}>{t(`level_${of}`)}</Status>
);

const nameOf = (name: string): string => {
  const known = COMPONENTS.find((one) => one === name);
  return known === undefined ? name : t(`component_${known}`);
};

function Components(): JSX.Element {
  const known = useAnswer(api.getHealth, {});
  return (
    <Card title={t('health')} action={known.answer && <Level of={known.answer.status} />}>
      <Answered known={known}>
        {({ components }) => (
          <Table
            label={t('health')}
            rows={Object.entries(components)}
            keyOf={([name]) => name}
            columns={[
              { name: 'component', title: t('component'), cell: ([name]) => nameOf(name) },
              {
                name: 'level',
                title: t('health'),
                cell: ([, { status }]) => <Level of={status} />,
              },
              { name: 'detail', title: t('detail'), cell: ([, { detail }]) => detail },
            ]}
          />
        )}
      </Answered>
    </Card>
  );
}

type Known = api.Status;
type Shard = Known['shards'][number];

const shardColumns = (): Column<Shard>[] => [
  {
    name: 'shard',
    title: t('shard'),
    cell: ({ shard, isHere, node }) => (
      <span id={`shard-${shard}`}>
        {shard} {!isHere && <Status>{node ?? t('away')}</Status>}
      </span>
    ),
  },
  { name: 'log', title: t('log'), isNumber: true, cell: ({ seq }) => figure(seq) },
  {
    name: 'hash',
    title: t('hash'),
    isMinor: true,
    cell: ({ hash }) => hash && <code title={hash}>{hash.slice(0, 12)}</code>,
  },
  { name: 'time', title: t('time'), cell: ({ time }) => time && date(time, 'time') },
  {
    name: 'mailbox',
    title: t('mailbox'),
    isNumber: true,
    cell: ({ mailboxDepth, mailboxMax }) => `${figure(mailboxDepth)} / ${figure(mailboxMax)}`,
  },
  {
    name: 'open',
    title: t('open'),
    isNumber: true,
    cell: ({ openTransfers }) => figure(openTransfers),
  },
  {
    name: 'checkpoint',
    title: t('checkpoint'),
    isNumber: true,
    cell: ({ checkpointSeq }) => figure(checkpointSeq),
  },
  {
    name: 'lag',
    title: t('lag'),
    isNumber: true,
    cell: ({ checkpointLagBytes }) => bytes(checkpointLagBytes),
  },
  {
    name: 'bytes',
    title: t('bytes'),
    isNumber: true,
    isMinor: true,
    cell: ({ logBytes }) => bytes(logBytes),
  },
  {
    name: 'epoch',
    title: t('epoch'),
    isNumber: true,
    isMinor: true,
    cell: ({ epoch }) => figure(epoch),
  },
];

const figure = (value: number | undefined): string => (value === undefined ? '–' : number(value));
const bytes = (value: number | undefined): string =>
  value === undefined ? '–' : sizeText(value, number);

function Shards({ of: { shards } }: { of: Known }): JSX.Element {
  return (
    <Card title={t('shards')}>
      <Table
        label={t('shards')}
        rows={shards}
        keyOf={({ shard }) => String(shard)}
        columns={shardColumns()}
      />
    </Card>
  );
}

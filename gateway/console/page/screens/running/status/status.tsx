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
import { Facts, Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { sizeText } from '../parts/sizes.js';
import { AcceptClock, Backup, Backups } from './backups.js';
import { Followers } from './followers.js';
import { Shards } from './shards.js';
import { STATUS } from './words.js';

const t = speaker(STATUS);
const LOOK_SECONDS = 10;
const LEVELS = { ok: 'good', warning: 'warn', degraded: 'warn', down: 'danger' } as const;
const COMPONENTS = [
  ...(['store', 'shards', 'clock', 'checkpoints', 'clearing', 'feeds', 'transfers'] as const),
  ...(['bus', 'nodes', 'platforms', 'chain'] as const),
];

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
      <Head
        title={t('status')}
        actions={
          may('admin') && (
            <>
              <Backup />
              <AcceptClock />
            </>
          )
        }
      >
        <p class="muted">{t('statusWhy', { n: LOOK_SECONDS })}</p>
      </Head>
      <Components />
      <Answered known={status}>
        {(known) => (
          <>
            <Process of={known} />
            <Shards of={known.shards} />
            <Followers of={known} />
            <Nodes of={known} />
            <Backups of={known.backups} />
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

const size = (bytes: number): string => sizeText(bytes, number);

const Process = ({
  of: { version, startedAt, ready, reasons, disk, bus },
}: {
  of: api.Status;
}): JSX.Element => (
  <Card
    title={t('node')}
    action={<Status kind={ready ? 'good' : 'danger'}>{t(ready ? 'ready' : 'readyNot')}</Status>}
  >
    <Facts
      rows={[
        [t('version'), version],
        [t('since'), date(startedAt, 'time')],
        [t('why'), reasons.length > 0 && reasons.join(' ')],
        [
          t('disk'),
          disk && t('diskOf', { free: size(disk.freeBytes), least: size(disk.freeBytesMin) }),
        ],
        [
          t('bus'),
          bus === undefined ? (
            t('busNone')
          ) : (
            <Status kind={bus.isConnected ? 'good' : 'danger'}>
              {t(bus.isConnected ? 'connected' : 'connectedNot')}
            </Status>
          ),
        ],
        [
          t('messages'),
          bus && t('messagesOf', { sent: bus.sent, received: bus.received, dropped: bus.dropped }),
        ],
      ]}
    />
  </Card>
);

const Nodes = ({ of: { nodes } }: { of: api.Status }): JSX.Element | null =>
  nodes.length === 0 ? null : (
    <Card title={t('nodes')}>
      <Table
        label={t('nodes')}
        rows={nodes}
        keyOf={({ node }) => node}
        columns={[
          { name: 'node', title: t('node'), cell: ({ node }) => node },
          {
            name: 'clock',
            title: t('clockAhead'),
            isNumber: true,
            cell: ({ clockAheadMs }) =>
              clockAheadMs === undefined ? t('unheard') : t('ms', { n: Math.round(clockAheadMs) }),
          },
        ]}
      />
    </Card>
  );

// The shards of a ledger: how far their logs and checkpoints are, what waits. Owns: how it is shown.

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ShardStatus } from '../../../../../web/page/api/operations.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Status } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { Table } from '../../../ui/table/table.js';
import { sizeText } from '../parts/sizes.js';
import { STATUS } from './words.js';

const t = speaker(STATUS);

const figure = (value: number | undefined): string => (value === undefined ? '–' : number(value));
const bytes = (value: number | undefined): string =>
  value === undefined ? '–' : sizeText(value, number);
const ms = (value: number | undefined): string =>
  value === undefined ? '–' : t('ms', { n: Math.round(value) });

type Key = 'seq' | 'checkpointSeq' | 'openTransfers' | 'followUps' | 'accounts' | 'feedLagBlocks';
const figures = (name: Key, title: string, isMinor = false): Column<ShardStatus> => ({
  ...{ name, title, isMinor, isNumber: true },
  cell: (shard) => figure(shard[name]),
});

const columns = (): Column<ShardStatus>[] => [
  {
    name: 'shard',
    title: t('shard'),
    cell: ({ shard, isHere }) => (
      <span id={`shard-${shard}`}>
        {shard} {!isHere && <Status>{t('away')}</Status>}
      </span>
    ),
  },
  figures('seq', t('log')),
  figures('checkpointSeq', t('checkpoint')),
  {
    name: 'lag',
    title: t('lag'),
    isNumber: true,
    cell: ({ checkpointLagBytes }) => bytes(checkpointLagBytes),
  },
  {
    name: 'mailbox',
    title: t('mailbox'),
    isNumber: true,
    cell: ({ mailboxDepth, mailboxMax }) => `${figure(mailboxDepth)} / ${figure(mailboxMax)}`,
  },
  figures('openTransfers', t('open')),
  figures('followUps', t('followUps'), true),
  figures('feedLagBlocks', t('feedLag'), true),
  figures('accounts', t('accounts'), true),
  {
    name: 'commit',
    title: t('commit'),
    isNumber: true,
    isMinor: true,
    cell: ({ commitMsMax }) => ms(commitMsMax),
  },
  {
    name: 'bytes',
    title: t('bytes'),
    isNumber: true,
    isMinor: true,
    cell: ({ logBytes }) => bytes(logBytes),
  },
  {
    name: 'state',
    title: t('stateBytes'),
    isNumber: true,
    isMinor: true,
    cell: ({ stateBytes }) => bytes(stateBytes),
  },
];

export function Shards({ of }: { of: readonly ShardStatus[] }): JSX.Element {
  // Whoever comes by a link to a shard sees it.
  useEffect(() => {
    if (location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, []);
  return (
    <Card title={t('shards')}>
      <Table
        label={t('shards')}
        rows={of}
        keyOf={({ shard }) => String(shard)}
        columns={columns()}
      />
    </Card>
  );
}

// Events out of blocks of the feed. Owns: what of a block is an event, of which type, about what. Never touches: who is told.

import {
  type Entry,
  eventOf,
  type FeedBlock,
  type FeedItem,
  homeOwner,
  isRecorded,
  type LoggedBlock,
  type Notice,
  type TransferCommand,
} from '../../engine/index.js';
import { type EventType, HASH_LETTERS, type OutboundEvent, placeIn } from './event.js';

type Told = Pick<OutboundEvent, 'subject' | 'owner' | 'assets' | 'platforms' | 'data'> & {
  readonly type: EventType;
};
type Fields = Readonly<Record<string, unknown>>;

/** The shard whose log says first, and alone, what concerns the whole ledger. */
const FIRST_SHARD = 0;
/** How the owners begin that the points of imports come from. */
const IMPORT = '@import:';

const isUser = (owner: string): boolean => !/^[@#]/.test(owner);

/**
 * Does an item bring in what another points system knows? Whoever is told of what members do hears of it under a name of its own, and no notice
 * follows.
 */
function isImport({ transfer, command }: FeedItem): boolean {
  const { legs, occurredAt } = (transfer ?? command) as Partial<TransferCommand>;
  if (occurredAt === undefined || legs === undefined) return false;
  return legs.some(
    ({ from, to }) => from.startsWith(IMPORT) || to.startsWith(IMPORT) || to === '@expire',
  );
}

function entryType({ type, earned, spent }: Entry): EventType {
  switch (type) {
    case 'expire':
      return 'points.expired';
    case 'hold':
      return 'points.held';
    case 'capture':
      return 'points.captured';
    case 'release':
      return 'points.released';
    case 'reverse':
      return 'points.reversed';
    case 'extend':
      return 'points.extended';
    default:
      if (earned > 0) return 'points.earned';
      return spent > 0 ? 'points.spent' : 'points.changed';
  }
}

/** The events of a block, in their order; `shardOf`: where an owner lives. */
export function eventsOf(
  { block, hash }: LoggedBlock,
  shardOf: (owner: string) => number,
): readonly OutboundEvent[] {
  const { shard, seq, time } = block;
  const of = { shard, seq, hash: hash.slice(0, HASH_LETTERS), time };
  return block.items.flatMap((item) =>
    eventsOfItem(item, block, shardOf).map((one, event) => ({
      ...of,
      n: placeIn(item.index, event),
      ...one,
    })),
  );
}

function eventsOfItem(
  item: FeedItem,
  block: FeedBlock,
  shardOf: (owner: string) => number,
): Told[] {
  const { outcome, reserves = [], notices = [] } = item;
  const { kind, ref, memo, metadata } = (item.transfer ?? item.command) as Partial<
    Record<string, unknown>
  >;
  const id = outcome.id ?? item.transfer?.id;
  const entries = outcome.ok ? outcome.entries : reserves;
  const about = { id, kind, ref, memo, metadata };
  const users = entries.filter(({ owner }) => isUser(owner));
  if (isImport(item) && outcome.ok)
    return users.map((entry) => ({ ...ofEntry(entry, about), type: 'points.imported' }));
  return [
    ...users.map((entry) => ofEntry(entry, about)),
    ...(outcome.ok ? ofEffects(item) : ofRefusal(item, block.shard, shardOf)),
    ...(outcome.ok ? ofLetter(item) : []),
    ...(outcome.ok ? ofReport(item) : []),
    ...(outcome.ok ? ofAlert(item) : []),
    ...(block.shard === FIRST_SHARD && outcome.ok ? ofReference(item) : []),
    ...notices.map((notice) => ofNotice(notice, block.shard)),
  ];
}

function ofEntry(entry: Entry, about: Fields): Told {
  const { owner, asset } = entry;
  return {
    type: entryType(entry),
    ...{ subject: owner, owner, assets: [asset] },
    data: { ...entry, ...about },
  };
}

/** What acts have done beside the entries: told where the act's home is (its record there alone says it). */
function ofEffects({ command, transfer, outcome }: FeedItem): Told[] {
  const { type } = command;
  if (!outcome.ok || (type !== 'act' && type !== 'reverse' && type !== 'decision')) return [];
  const { owner } = command;
  const { act, entries, id } = outcome;
  const effects = act?.effects ?? [];
  if (effects.length === 0) return [];
  const said = (transfer ?? command) as { readonly plan?: { readonly assets?: unknown } };
  const planned = Array.isArray(said.plan?.assets) ? (said.plan.assets as string[]) : [];
  const assets = [...new Set([...planned, ...entries.map(({ asset }) => asset)])];
  const acted = (transfer ?? command) as Partial<Record<string, unknown>>;
  return effects.map((effect): Told => {
    const { type, ...data } = effect;
    const known = eventOf(effect, owner);
    return {
      type: known?.type ?? 'act.done',
      ...{ subject: known?.subject ?? owner, owner, assets },
      platforms: known && platformsIn(data),
      data: { owner, id, act: acted['act'], effect: type, ...data },
    };
  });
}

/** The platforms that an event is between, where it says so. */
const platformsIn = ({ platforms }: Fields): readonly string[] | undefined =>
  Array.isArray(platforms) ? (platforms as readonly string[]) : undefined;

/** What is refused by its home shard for good. */
function ofRefusal(
  { command, transfer, outcome }: FeedItem,
  shard: number,
  shardOf: (owner: string) => number,
): Told[] {
  if (outcome.ok || !isRecorded(command, outcome) || outcome.code === 'PREPARED') return [];
  if (command.type === 'prepare' || command.type === 'tick') return [];
  const asked = (transfer ?? command) as Parameters<typeof homeOwner>[0];
  const owner = homeOwner(asked);
  if (!isUser(owner) || shardOf(owner) !== shard) return [];
  const { legs = [], asset } = asked as { legs?: readonly { asset: string }[]; asset?: string };
  const assets = [...new Set([...legs.map((leg) => leg.asset), ...(asset ? [asset] : [])])];
  const { code, field, message } = outcome;
  const id = outcome.id ?? (asked as { readonly id?: string }).id;
  return [
    {
      type: 'command.refused',
      ...{ subject: owner, owner, assets },
      data: { owner, id, command: asked.type, code, field, message },
    },
  ];
}

/** Who keeps the letters of members (gateway/sign-in/). */
const LETTERS = /^#member:/;

/** A letter that is to be sent: of one that was used, nobody is told. */
function ofLetter({ command }: FeedItem): Told[] {
  if (command.type !== 'put-record' || command.recordType !== 'letter') return [];
  if (!LETTERS.test(command.owner)) return [];
  const { owner, kind, number, until, taken } = JSON.parse(
    Buffer.from(command.value).toString('utf8'),
  ) as Readonly<Record<string, unknown>>;
  if (taken !== undefined || typeof owner !== 'string') return [];
  const letter = { member: command.owner.slice('#member:'.length), place: command.key, number };
  const data = { owner, kind, ...letter, until };
  return [{ type: 'sign_in.letter', subject: owner, owner, assets: [], data }];
}

/** How owners of the runs of schedules begin, and what their records are called (gateway/projections/reports/). */
const REPORT_RUNS = { owner: '#report:', recordType: 'report-run' };

/** A run of a schedule of reports that has ended. */
function ofReport({ command }: FeedItem): Told[] {
  if (command.type !== 'put-record' || command.recordType !== REPORT_RUNS.recordType) return [];
  if (!command.owner.startsWith(REPORT_RUNS.owner)) return [];
  const {
    attempts: _,
    state,
    ...data
  } = JSON.parse(Buffer.from(command.value).toString('utf8')) as Readonly<Record<string, unknown>>;
  if (state === 'running') return [];
  const type = state === 'done' ? 'report.ready' : 'report.failed';
  return [{ type, subject: `reports/${data['schedule']}`, owner: undefined, assets: [], data }];
}

/** Who keeps alerts, and what their records are called (gateway/alerts/). */
const ALERTS = { owner: '#alerts', recordType: 'alert' };

/** An alert that begins or is over: the version of its record that tells so. */
function ofAlert({ command }: FeedItem): Told[] {
  if (command.type !== 'put-record' || command.recordType !== ALERTS.recordType) return [];
  if (command.owner !== ALERTS.owner) return [];
  const {
    tells,
    toldAt: _,
    id: alert,
    ...data
  } = JSON.parse(Buffer.from(command.value).toString('utf8')) as Readonly<Record<string, unknown>>;
  if (tells !== 'firing' && tells !== 'resolved') return [];
  const whole = { owner: undefined, assets: [] };
  return [
    { type: `alert.${tells}`, subject: `alerts/${alert}`, ...whole, data: { alert, ...data } },
  ];
}

/** What concerns the whole ledger. */
function ofReference({ command, outcome }: FeedItem): Told[] {
  if (!outcome.ok) return [];
  if (command.type === 'define-asset') {
    const { asset } = command;
    const data = { asset, version: outcome.assetVersion };
    return [
      {
        type: 'asset.defined',
        subject: `assets/${asset}`,
        owner: undefined,
        assets: [asset],
        data,
      },
    ];
  }
  if (command.type !== 'put-definition' || command.state === 'draft') return [];
  const { kind, key, state, document } = command;
  const { definitionVersion: version, activeFrom } = outcome;
  const subject = `definitions/${kind}/${key}`;
  const data = { kind, key, version, state, activeFrom, document };
  return [{ type: 'definition.changed', subject, owner: undefined, assets: [], data }];
}

function ofNotice(notice: Notice, shard: number): Told {
  const { type, ...data } = notice;
  if (notice.type === 'expiring') {
    const { owner, asset } = notice;
    return { type: 'points.expiring', subject: owner, owner, assets: [asset], data };
  }
  const whole = { owner: undefined, assets: [], data };
  switch (notice.type) {
    case 'exchange_rate.updated':
    case 'exchange_rate.proposed':
      return { type: notice.type, subject: `definitions/${notice.kind}/${notice.key}`, ...whole };
    case 'campaign-started':
      return { type: 'campaign.started', subject: `campaigns/${notice.campaign}`, ...whole };
    case 'campaign-ended':
      return { type: 'campaign.ended', subject: `campaigns/${notice.campaign}`, ...whole };
    case 'campaign-members':
      return {
        type: 'campaign.counted',
        subject: `campaigns/${notice.campaign}/shards/${shard}`,
        ...whole,
      };
  }
}

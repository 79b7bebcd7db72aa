// What the routes of transfers, holds, accounts and assets say of themselves. Owns: their texts, parameters and refusals.
// Never touches: what the routes do.

import type { TString } from 'typebox';
import { limits } from '../../engine/index.js';
import { COMMANDS_TYPE, OUTCOMES_TYPE } from '../encoding/media.js';
import type { GatewayLimits } from '../limits.js';
import {
  AccountBody,
  AccountChangeBody,
  AssetBody,
  CaptureBody,
  ConfirmBody,
  CreditLimitBody,
  ExtensionBody,
  HoldBody,
  ReleaseBody,
  ReverseBody,
  strict,
  TransferBody,
} from './commands.js';
import { type Answered, command, type Description, OWNERS, SHARDS } from './description.js';
import {
  Accounts,
  Asset,
  Assets,
  answer,
  Balances,
  BatchAnswer,
  EntryPage,
  HoldState,
  PastAccounts,
  PastBalances,
  Posted,
  Prepared,
  TransferRecord,
} from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Id,
  Kind,
  NAME,
  NamedId,
  Owner,
  oneOf,
  Positions,
  REFUSED,
  refusedAs,
  Time,
  TimeText,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;

const ACCOUNT_PATH = { owner: User };
const HOLD_PATH = { owner: User, id: Id };

const REPLAYED: Answered = {
  summary:
    'It had been carried out before: the first outcome. Or a dry run: the outcome there would be.',
  schema: Posted,
};
const CREATED: Answered = { summary: 'Carried out.', schema: Posted };
const LATER: Answered = {
  summary: 'Not decided yet between shards: ask at `Location`, or repeat it.',
  schema: Prepared,
  headers: { Location: 'Where to ask for it.' },
};
export const DECIDED = { 200: REPLAYED, 201: CREATED, 202: LATER };

const dryRun = Optional(
  oneOf(['true', 'false'], {
    description: 'true or false; true: only say what the outcome would be now, and change nothing.',
  }),
);
const atomic = Optional(
  oneOf(['true', 'false'], {
    description:
      'true or false; true: all transfers of a batch are carried out, or none. All their owners must live on one shard, ' +
      `and there are at most ${limits.TOGETHER_COMMANDS_MAX}.`,
  }),
);
const brief = Optional(
  oneOf(['true', 'false'], {
    description: 'true or false; true: outcomes of a batch without entries.',
  }),
);
export const TRYING = Type.Object({ dryRun });
export const waiting = ({ timeoutMsMax }: Pick<GatewayLimits, 'timeoutMsMax'>) =>
  Type.Object({
    dryRun,
    timeoutMs: Optional(
      whole(0, timeoutMsMax, {
        description:
          `How long to wait for the answer, at most: of a transfer between shards, for its decision. 0 to ${timeoutMsMax}, ` +
          `default ${limits.DECISION_TIMEOUT_MS}; other nodes are asked for ${limits.REMOTE_ANSWER_MIN_MS} at least.`,
      }),
    ),
  });

export const batchQuery = (of: GatewayLimits) =>
  Type.Object({ ...waiting(of).properties, atomic, brief });

/** Answers to one command, or to many. */
export const batchAnswers: Description['answers'] = {
  200: {
    summary: 'It had been carried out before; or a batch, with an answer for each command.',
    schema: Type.Union([Posted, BatchAnswer]),
  },
  201: CREATED,
  202: LATER,
};

export const transferDescription = (of: GatewayLimits): Description => ({
  tag: 'transfers',
  summary: 'Move points: one transfer, or a batch of them.',
  details:
    'The legs of a transfer are carried out all or none. A batch is answered 200 with one answer for each transfer, in ' +
    'order; each stands for itself, unless the batch is `atomic`. The id is the body’s `id`, or the `Idempotency-Key` header, or `kind:ref`. ' +
    `A body of lines (NDJSON, one transfer each, at most ${of.linesMax}) is carried out and answered, a line for each, while it comes.`,
  query: batchQuery(of),
  body: Type.Union([TransferBody, Type.Array(TransferBody, { maxItems: of.batchItemsMax })]),
  takesKey: true,
  answers: batchAnswers,
  refusals: [
    ...command('transfer'),
    'BATCH_TOO_LARGE',
    'CONNECTIONS_LIMIT',
    'BATCH_ABORTED',
    'BATCH_ACROSS_SHARDS',
  ],
});

export const commandsDescription = ({
  batchItemsMax,
  timeoutMsMax,
}: GatewayLimits): Description => ({
  tag: 'transfers',
  summary: 'Commands of any type in one packed batch: the quickest way.',
  details:
    `The body is a packed batch (${COMMANDS_TYPE}), of at most ${batchItemsMax} commands, each with its id: what \`batch()\` of ` +
    '`jifen/client` writes; its form, and that of the answer, is in engine/protocol/README.md. Each command stands for itself, and has its ' +
    'outcome in its place. Assets and definitions have calls of their own.',
  query: Type.Object({ timeoutMs: waiting({ timeoutMsMax }).properties.timeoutMs }),
  bodyType: COMMANDS_TYPE,
  answers: { 200: { summary: 'An outcome for each command.', type: OUTCOMES_TYPE } },
  refusals: [...SHARDS, 'BATCH_TOO_LARGE'],
});

export const recordDescription: Description = {
  tag: 'transfers',
  summary: 'Any command by its id, with its outcome.',
  answers: { 200: { summary: 'The command.', schema: TransferRecord } },
  refusals: [...SHARDS, ...OWNERS, 'ID_INVALID', 'FOLLOW_UP_NUMBER_INVALID', 'TRANSFER_NOT_FOUND'],
};

export const reverseDescription = (of: GatewayLimits): Description => ({
  tag: 'transfers',
  summary: 'Undo a posted transfer, capture or act, the rest of it or a part.',
  query: waiting(of),
  body: ReverseBody,
  takesKey: true,
  answers: DECIDED,
  refusals: command('reverse'),
});

export const confirmDescription: Description = {
  tag: 'transfers',
  summary: 'Make what is pending of a transfer available.',
  query: TRYING,
  body: ConfirmBody,
  takesKey: true,
  answers: { 200: REPLAYED, 201: CREATED },
  refusals: command('confirm-pending'),
};

export const holdsDescription: Description = {
  tag: 'transfers',
  summary: 'Open holds of an owner, by id.',
  path: ACCOUNT_PATH,
  query: Type.Object({
    limit: Optional(
      whole(1, limits.HOLDS_PAGE_MAX, {
        description: `1 to ${limits.HOLDS_PAGE_MAX}; default ${limits.HOLDS_PAGE_DEFAULT}.`,
      }),
    ),
    cursor: Optional(NamedId),
  }),
  answers: {
    200: {
      summary: 'A page.',
      schema: answer('HoldsPage', {
        owner: User,
        holds: Type.Array(HoldState),
        cursor: Optional(Type.String({ description: 'There may be more: ask with it.' })),
      }),
    },
  },
  refusals: [...SHARDS, ...OWNERS, 'ID_INVALID'],
};

export const holdDescription: Description = {
  tag: 'transfers',
  summary: 'Reserve points of an account. The hold’s id is the command’s.',
  query: TRYING,
  body: HoldBody,
  takesKey: true,
  answers: DECIDED,
  refusals: command('hold'),
};

export const holdStateDescription: Description = {
  tag: 'transfers',
  summary: 'A hold.',
  path: HOLD_PATH,
  answers: { 200: { summary: '`remaining` 0: closed.', schema: HoldState } },
  refusals: [...SHARDS, ...OWNERS, 'SYSTEM_OWNER', 'ID_INVALID', 'HOLD_NOT_FOUND'],
};

export const captureDescription = (of: GatewayLimits): Description => ({
  tag: 'transfers',
  summary: 'Spend points that a hold reserves.',
  path: HOLD_PATH,
  query: waiting(of),
  body: CaptureBody,
  takesKey: true,
  answers: DECIDED,
  refusals: command('capture'),
});

export const releaseDescription: Description = {
  tag: 'transfers',
  summary: 'Give back all that remains of a hold.',
  path: HOLD_PATH,
  query: TRYING,
  body: ReleaseBody,
  takesKey: true,
  answers: { 200: REPLAYED, 201: CREATED },
  refusals: command('release'),
};

const ADMINISTRATION = {
  open: 'Open an account. A transfer opens accounts by itself.',
  freeze: 'Freeze an account: nothing may be taken from it.',
  unfreeze: 'Unfreeze an account.',
  close: 'Close an account that has nothing available, held or owed.',
  reopen: 'Open a closed account again.',
} as const;
const DONE = { 200: { summary: 'Carried out, now or before.', schema: Posted } };

export const administrationDescription = (verb: keyof typeof ADMINISTRATION): Description => ({
  tag: 'accounts',
  summary: ADMINISTRATION[verb],
  path: ACCOUNT_PATH,
  body: verb === 'open' ? AccountBody : AccountChangeBody,
  takesKey: true,
  answers: DONE,
  refusals: command(`${verb}-account`),
});

export const extendLotsDescription: Description = {
  tag: 'accounts',
  summary: 'Give points of one lot a later expiry.',
  path: ACCOUNT_PATH,
  query: TRYING,
  body: ExtensionBody,
  takesKey: true,
  answers: DONE,
  refusals: command('extend-lots'),
};

export const creditLimitDescription: Description = {
  tag: 'accounts',
  summary: 'How far below zero an account may go.',
  path: ACCOUNT_PATH,
  body: CreditLimitBody,
  takesKey: true,
  answers: DONE,
  refusals: command('set-credit-limit'),
};

const AT = { description: 'Milliseconds since 1970, or an RFC 3339 time.' };
/** A time in a query. */
export const AnyTime = Type.Union([Time, TimeText], AT);
export const AnyAsOf = Type.Union([Time, TimeText, Positions], {
  description:
    'How far the log counts: a booked time, or positions as an answer tells them. Default: all that is booked.',
});
const Asked = refusedAs('ASSET_INVALID', AssetCode, 'An asset code.');

export const accountsDescription: Description = {
  tag: 'accounts',
  summary: 'The accounts of an owner: those that the caller may read.',
  details:
    'With `at`: as they were then. What was over counts as over, whenever it was booked, and a backdated transfer from when it occurred. The ' +
    'answer tells `asOf`; with the same `at` and `asOf` it is the same to the byte, whatever was booked since.',
  query: Type.Object({
    asset: Optional(Asked),
    at: Optional(AnyTime),
    asOf: Optional(AnyAsOf),
  }),
  answers: {
    200: {
      summary: 'The accounts; with `at`: as they were then.',
      schema: Type.Union([Accounts, PastAccounts]),
    },
  },
  refusals: [...SHARDS, ...OWNERS, 'ASSET_INVALID', 'POSITION_AHEAD', 'PAST_TOO_FAR'],
};

const AnyText = Type.String({ [REFUSED]: 'OWNER_INVALID' });
/** `owner`: what is said of each; which one is reserved, the engine knows. */
export const balancesBody = (ownersMax: number, owner: TString = AnyText) =>
  strict(
    {
      owners: Type.Array(owner, {
        minItems: 1,
        maxItems: ownersMax,
      }),
      asset: Optional(Asked),
      at: Optional(Type.Union([Time, TimeText], { ...AT, [REFUSED]: 'QUERY_INVALID' })),
      asOf: Optional(Type.Union([Time, TimeText, Positions], { [REFUSED]: 'QUERY_INVALID' })),
    },
    { [NAME]: 'BalancesAsked' },
  );
export const balancesDescription = ({ balancesOwnersMax }: GatewayLimits): Description => ({
  tag: 'accounts',
  summary: 'The accounts of many owners in one call.',
  body: balancesBody(balancesOwnersMax, Owner),
  answers: {
    200: {
      summary: 'In the order of the owners; with `at`: as they were then.',
      schema: Type.Union([Balances, PastBalances]),
    },
  },
  refusals: [
    ...SHARDS,
    ...OWNERS,
    'ASSET_INVALID',
    'BATCH_TOO_LARGE',
    'POSITION_AHEAD',
    'PAST_TOO_FAR',
  ],
});

export const entriesDescription: Description = {
  tag: 'accounts',
  summary: 'The history of an account, page by page, or all of it in lines.',
  query: Type.Object({
    asset: Asked,
    order: Optional(oneOf(['newest', 'oldest'], { description: 'newest or oldest first.' })),
    version: Optional(
      whole(1, limits.AMOUNT_MAX, { description: 'From which version on, or up to it.' }),
    ),
    from: Optional(AnyTime),
    to: Optional(AnyTime),
    asOf: Optional(AnyAsOf),
    kind: Optional(
      refusedAs(
        'KIND_INVALID',
        Kind,
        'A kind of business. `EXPIRE`: expiry; `RESERVE`: what transfers between shards reserve and free.',
      ),
    ),
    act: Optional(
      refusedAs(
        'QUERY_INVALID',
        text('[a-z][a-z0-9-]{0,31}', { description: 'The name of an act.' }),
        'Only entries of acts of this name, as with `told`.',
      ),
    ),
    told: Optional(oneOf(['true', 'false'], { description: 'Entries of acts say of which.' })),
    limit: Optional(
      whole(1, limits.ENTRIES_PAGE_MAX, {
        description: `1 to ${limits.ENTRIES_PAGE_MAX}; default ${limits.ENTRIES_PAGE_DEFAULT}.`,
      }),
    ),
    cursor: Optional(Type.String({ description: 'From the page before.' })),
    shard: Optional(
      whole(0, limits.SHARDS_MAX - 1, { description: 'Of a system owner: which stripe.' }),
    ),
  }),
  answers: { 200: { summary: 'A page.', schema: EntryPage } },
  refusals: [
    ...SHARDS,
    ...OWNERS,
    'ASSET_INVALID',
    'KIND_INVALID',
    'CURSOR_INVALID',
    'POSITION_AHEAD',
    'SHARD_ELSEWHERE',
    'CONNECTIONS_LIMIT',
  ],
};

export const logDescription: Description = {
  tag: 'streams',
  summary: 'The committed log of a shard, in lines, from a position on.',
  details:
    'Each line is a command with its outcome, its `position`, and the position of the `next` one, from which an export ' +
    'resumes exactly. It ends with what was committed when it began. A command between shards that is not posted (yet) has what it reserved or freed as `reserves`. ' +
    'What somebody is to be told, each thing once, stands in `notices`: points that will expire (`expiring`), campaigns that begin and end (`campaign-started`, `campaign-ended`, `campaign-members`), rates of exchange that change or wait for a second person (`exchange_rate.updated`, `exchange_rate.proposed`). ' +
    'What has happened that others want to hear of stands in `events`, each `{type, owner, subject, data}`: of orders, `exchange.created`, `exchange.confirmed`, `exchange.shipped`, `exchange.completed`, `exchange.cancelled`; of goods of which few are left, `stock.low`, `stock.enough`; of members, `referral.used`, `tier.changed`, `coupon.issued`, `member.merged`, `member.unmerged`.',
  query: Type.Object({
    from: Optional(Type.String({ description: 'A position: `12`, or `12.3`; default 1.' })),
    limit: Optional(whole(1, limits.AMOUNT_MAX, { description: 'Lines at most; default all.' })),
  }),
  answers: { 200: { summary: 'A line of JSON for each command.', type: 'application/x-ndjson' } },
  refusals: ['SHARD_ELSEWHERE', 'POSITION_AHEAD', 'CONNECTIONS_LIMIT'],
};

export const assetsDescription: Description = {
  tag: 'assets',
  summary: 'All assets.',
  answers: { 200: { summary: 'The assets, by code.', schema: Assets } },
  refusals: [],
};

export const assetDescription: Description = {
  tag: 'assets',
  summary: 'An asset.',
  answers: { 200: { summary: 'The asset.', schema: Asset } },
  refusals: ['ASSET_UNKNOWN'],
};

export const defineAssetDescription: Description = {
  tag: 'assets',
  summary: 'Define an asset, or change its default expiry.',
  body: AssetBody,
  answers: { 200: { summary: 'It is so.', schema: Posted } },
  refusals: command('define-asset'),
};

// The anchor on a chain: what is said of it and answered. Owns: these schemas and texts. Never touches: the chain.

import { limits } from '../../engine/index.js';
import { type GatewayLimits, WITNESS_URL_LENGTH_MAX } from '../limits.js';
import { strict } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { AssetCode, Count, NAME, NewUser, oneOf, PlatformId, Time, text, whole } from './words.js';

const { Optional } = Type;
const PLATFORMS_MAX = 16;
const SECONDS_MAX = 31 * 86_400;
const CHAIN_ID_MAX = 4_503_599_627_370_476;

/** An address on the chain, in paths and bodies. */
export const Address = text('0x[0-9a-fA-F]{40}', {
  description: 'An address on the chain: `0x` and 40 hexadecimal digits.',
});
const Hash = Type.String({ description: '`0x` and 64 hexadecimal digits.' });
const seconds = (least: number, description: string) => whole(least, SECONDS_MAX, { description });

export const AnchorBody = strict(
  {
    rpcUrl: Optional(
      Type.String({
        pattern: '^[Hh][Tt][Tt][Pp][Ss]?:',
        maxLength: WITNESS_URL_LENGTH_MAX,
        description: `Where the chain is asked (JSON-RPC): an https URL of at most ${WITNESS_URL_LENGTH_MAX} characters. It is not shown again. Left out: as it is.`,
      }),
    ),
    chainId: whole(1, CHAIN_ID_MAX, { description: 'EIP-155.' }),
    contract: Optional(Address),
    confirmations: Optional(
      whole(0, 1_000, { description: 'Blocks over one that is believed. Default 12.' }),
    ),
    gasMax: Optional(
      whole(100_000, 100_000_000, {
        description: 'Units of gas that one transaction may take. Default 5,000,000.',
      }),
    ),
    feeMaxGwei: Optional(
      whole(1, 1_000_000, { description: 'What a unit of gas may cost, in gwei. Default 100.' }),
    ),
    anchorSeconds: Optional(seconds(1, 'How often a root is anchored. Default 3,600.')),
    feedSeconds: Optional(seconds(1, 'How often balances are fed. Default 600.')),
    compareSeconds: Optional(seconds(1, 'How often they are compared. Default 3,600.')),
    platforms: Optional(
      Type.Array(strict({ platform: PlatformId, asset: AssetCode }), {
        maxItems: PLATFORMS_MAX,
        description: `At most ${PLATFORMS_MAX} platforms whose members' balances are shown. Default: none.`,
      }),
    ),
  },
  { [NAME]: 'NewAnchor' },
);
export const DeployBody = strict({
  owner: Optional(Address),
});
export const CompareBody = strict({
  accept: Optional(
    Type.Boolean({
      description: 'Is the chain right? Then it is gone on from what it has.',
    }),
  ),
});
export const AddressBody = strict({ owner: NewUser }, { [NAME]: 'NewAnchorAddress' });

const ChainState = oneOf(['starting', 'deploying', 'ok', 'unreachable', 'differs']);
const FindingAnswer = Type.Object({
  what: oneOf(['contract', 'anchors', 'feed', 'balance', 'log']),
  about: Type.String({ description: 'Of what: a platform and address, a shard.' }),
  ledger: Type.String(),
  chain: Type.String(),
});
const ReconciliationAnswer = Type.Object({
  number: Count,
  state: oneOf(['open', 'resolved', 'accepted']),
  startedAt: Time,
  comparedAt: Time,
  endedAt: Optional(Time),
  endedBy: Optional(Type.String()),
  differences: Count,
  findings: Type.Array(FindingAnswer, { description: 'The first ones.' }),
});
const SentAnswer = Type.Object({
  hash: Hash,
  at: Time,
  attempts: whole(1, limits.AMOUNT_MAX),
});
const Anchor = answer('Anchor', {
  host: Type.String({ description: 'Where the chain is asked.' }),
  chainId: Count,
  contract: Type.Union([Address, Type.Null()], { description: 'null: none is deployed yet.' }),
  deployedBy: Optional(Hash),
  account: Type.String({
    description: 'The ledger’s account: it sends transactions, and pays for them.',
  }),
  ledger: Type.String({ description: 'The ledger’s name; the contract has its keccak256.' }),
  confirmations: Count,
  gasMax: Count,
  feeMaxGwei: Count,
  anchorSeconds: Count,
  feedSeconds: Count,
  compareSeconds: Count,
  status: Type.Object({
    state: ChainState,
    why: Optional(Type.String()),
    at: Time,
    block: Optional(Count),
    comparedAt: Optional(Time),
  }),
  anchored: Count,
  pending: Type.Union([SentAnswer, Type.Null()], {
    description: 'The transaction of an anchor that is under way; null: there is none.',
  }),
  platforms: Type.Array(
    Type.Object({
      platform: PlatformId,
      asset: AssetCode,
      addresses: Count,
      batches: Count,
      pending: Type.Union([SentAnswer, Type.Null()]),
    }),
  ),
  reconciliations: Type.Array(ReconciliationAnswer, { description: 'The newest first.' }),
});
const AnchoredRoot = answer('AnchoredRoot', {
  number: Count,
  contract: Address,
  chainId: Count,
  root: Hash,
  entries: Count,
  at: Time,
  confirmedAt: Type.Union([Time, Type.Null()]),
  transaction: Type.Union([Hash, Type.Null()]),
  name: Type.String({ description: 'The ledger, as checkpoints name it.' }),
  shards: Type.Array(
    Type.Object({
      shard: whole(0, limits.SHARDS_MAX - 1),
      size: Count,
      root: Type.String({ description: 'base64.' }),
    }),
    { description: 'What the root stands for, in this order (gateway/anchor/README.md).' },
  ),
});
const LINK = {
  platform: PlatformId,
  address: Address,
  owner: Type.Union([Type.String(), Type.Null()], {
    description: 'null: nobody’s any more; what the chain has of it becomes 0.',
  }),
  fed: Type.Integer({ description: 'What the chain has of it, in minor units.' }),
};
const Link = answer('AnchorAddress', LINK);
const Links = answer('AnchorAddresses', { addresses: Type.Array(Link) });

const about = { tag: 'anchor' } as const;
const KEPT = [
  ...SHARDS,
  ...(['CHANGED_MEANWHILE', 'RECORD_LIMIT', 'SECRETS_KEY_DIFFERS'] as const),
] as const;
const CHAIN = [...KEPT, 'ANCHOR_NOT_FOUND', 'CHAIN_FAILED', 'ANCHOR_CONFLICT'] as const;

/** What the routes of the anchor say of themselves. */
export const anchorDescriptions = (of: GatewayLimits) =>
  ({
    status: {
      ...about,
      summary: 'The anchor on a chain: how it is, what is under way, what differs.',
      answers: { 200: { summary: 'The anchor.', schema: Anchor } },
      refusals: [...KEPT, 'ANCHOR_NOT_FOUND'],
    },
    put: {
      ...about,
      summary: 'Set a chain up, on which roots of the logs are anchored, or say it anew.',
      details:
        'The ledger makes its account, which is to be given what transactions cost. Without `contract` one is deployed next (`POST /v1/anchor/deploy`). Receipts must be on for anything to be anchored.',
      body: AnchorBody,
      answers: { 200: { summary: 'The anchor.', schema: Anchor } },
      refusals: [...KEPT, 'COMMAND_INVALID', 'ANCHOR_NOT_FOUND', 'PLATFORM_NOT_FOUND'],
    },
    remove: {
      ...about,
      summary: 'Anchor nothing more. What is on the chain stays.',
      answers: { 200: { summary: 'The anchor that it was.', schema: Anchor } },
      refusals: [...KEPT, 'ANCHOR_NOT_FOUND'],
    },
    deploy: {
      ...about,
      summary: 'Deploy the contract from the ledger’s account.',
      details:
        'It is sent at once, and in use when it lies deep enough on the chain. `owner`: who may pause it and say who writes; left out: the ledger’s account. An account that is not of the ledger is better.',
      body: DeployBody,
      answers: { 200: { summary: 'The anchor.', schema: Anchor } },
      refusals: [...CHAIN, 'COMMAND_INVALID'],
    },
    compare: {
      ...about,
      summary: 'Compare ledger and chain now; or say that the chain is right.',
      details:
        'A difference is open until there is none, or an operator says `accept`: then numbers go on from what the chain has, and the next batches set balances right. Nothing is sent meanwhile. The node with the first shard is asked.',
      body: CompareBody,
      answers: { 200: { summary: 'The anchor.', schema: Anchor } },
      refusals: [...CHAIN, 'COMMAND_INVALID', 'SHARD_ELSEWHERE'],
    },
    anchored: {
      ...about,
      summary: 'An anchored root, and the checkpoints that it stands for.',
      details:
        'Who has it can work the root out, and ask the contract for it, without this ledger.',
      path: { number: whole(1, limits.AMOUNT_MAX) },
      answers: { 200: { summary: 'The root.', schema: AnchoredRoot } },
      refusals: [...SHARDS, 'ANCHOR_NOT_FOUND'],
    },
    links: {
      ...about,
      summary: 'The addresses of a platform’s members.',
      path: { platform: PlatformId },
      answers: { 200: { summary: 'The addresses.', schema: Links } },
      refusals: [...SHARDS, 'ANCHOR_NOT_FOUND'],
    },
    link: {
      ...about,
      summary: 'Say whose an address is: its balance is shown on the chain from now on.',
      details: `What was on a chain stays readable for ever: only for members who want it. An address is one member’s of a platform, a member has one there; at most ${of.anchorAddressesMax} of a platform.`,
      path: { platform: PlatformId, address: Address },
      body: AddressBody,
      answers: { 200: { summary: 'The address.', schema: Link } },
      refusals: [
        ...([...KEPT, ...OWNERS, 'ANCHOR_NOT_FOUND', 'ANCHOR_CONFLICT'] as const),
        ...(['COMMAND_INVALID', 'MEMBER_ERASED', 'VAULT_CLOSED'] as const),
      ],
    },
    unlink: {
      ...about,
      summary: 'Say that an address is nobody’s any more: its balance on the chain becomes 0.',
      path: { platform: PlatformId, address: Address },
      answers: { 200: { summary: 'The address.', schema: Link } },
      refusals: [...KEPT, 'ANCHOR_NOT_FOUND'],
    },
  }) as const satisfies Readonly<Record<string, Description>>;

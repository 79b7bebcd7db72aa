// The register as it is asked for, over all nodes. Owns: who may ask, how what nodes know comes together, cursors. Never touches: what is stored.
//   register-list.L1. What it tells is of the whole ledger: who is restricted to assets or an owner is refused.

import {
  NAMED_MAX,
  OWNER_LENGTH_MAX,
  REGISTER_PAGE_DEFAULT,
  REGISTER_PAGE_MAX,
} from '../limits.js';
import { type Granted, unpackGrants } from '../protocol/grants.js';
import { isRefusal, type Refused, refused } from '../protocol/outcomes.js';
import type {
  AskedAt,
  AskedPage,
  CampaignFigures,
  HappenedPage,
  HappenedQuery,
  NamedPage,
  OwnersPage,
  OwnersQuery,
  PartnerExchangesPage,
  PartnerExchangesQuery,
  ProposalsPage,
  RegisterState,
  RisksPage,
} from '../protocol/register.js';
import type { MarkedMember, RisksQuery } from '../protocol/risk.js';
import { askNodes, asOfText, type Nodes } from './over-nodes.js';
import type { Projections } from './projections.js';
import { exchangeKey } from './register/exchanges.js';
import { placeOf } from './register/keys.js';
import type { RegisterAnswer, RegisterQuestion } from './register/questions.js';

export interface RegisterListOptions extends Nodes {
  readonly projections: Projections;
}

const TYPES: readonly unknown[] = [
  'owners',
  'happened',
  'named',
  'campaign',
  'asked',
  'proposals',
  'exchanges',
  'risks',
] satisfies RegisterQuestion['type'][];
/** Behind which exchange a page begins: when that was submitted, and its id. */
const EXCHANGE = /^(\d{1,15})\.(px_[A-Za-z0-9]{1,32})$/;
/** A member and a mark, as they are stored one after the other. */
const ROW = /^[A-Za-z0-9._:-]{1,64} [\x21-\x7e]{1,64}$/;
const rowName = ({ owner, mark }: MarkedMember): string => `${owner} ${mark}`;
/** What names of users are made of. */
const NAME_PART = /^[A-Za-z0-9._:-]*$/;

export class RegisterList {
  readonly #options: RegisterListOptions;

  constructor(options: RegisterListOptions) {
    this.#options = options;
  }

  /** Owners by name. */
  async owners(query: OwnersQuery, granted: Granted): Promise<OwnersPage | Refused> {
    const { prefix = '', limit = REGISTER_PAGE_DEFAULT, cursor } = query;
    if (!isPrefix(prefix)) return refused('QUERY_INVALID', 'prefix');
    if (!Number.isInteger(limit) || limit < 1 || limit > REGISTER_PAGE_MAX)
      return refused('QUERY_INVALID', 'limit');
    const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString('latin1');
    if (cursor !== undefined && (after === '' || !isPrefix(after) || !after.startsWith(prefix)))
      return refused('CURSOR_INVALID', 'cursor');
    const answers = await this.#ask({ type: 'owners', prefix, after, limit }, granted);
    if (isRefusal(answers)) return answers;
    const all = answers
      .flatMap(({ owners = [] }) => owners)
      .sort((one, other) => (one.owner < other.owner ? -1 : 1));
    const owners = all.slice(0, limit);
    // A node that has told as many as it was asked for may have more.
    const hasMore = answers.some((one) => one.owners?.length === limit) || all.length > limit;
    const last = hasMore ? owners.at(-1)?.owner : undefined;
    return {
      ...stateOf(answers),
      owners,
      cursor: last && Buffer.from(last, 'latin1').toString('base64url'),
    };
  }

  /** What happened to an owner and left no entry of it. */
  async happened(query: HappenedQuery, granted: Granted): Promise<HappenedPage | Refused> {
    const { owner, after, limit } = query;
    const place = after === undefined ? '' : placeOf(after);
    const answers = await this.#ask({ type: 'happened', owner, after: place, limit }, granted);
    if (isRefusal(answers)) return answers;
    // One shard has all of an owner's.
    const happened = answers.flatMap((one) => one.happened ?? []);
    return { ...stateOf(answers), happened };
  }

  /** Commands that go by an id, whoever's it is, the newest first. */
  async named(id: string, granted: Granted): Promise<NamedPage | Refused> {
    const answers = await this.#ask({ type: 'named', id, limit: NAMED_MAX }, granted);
    if (isRefusal(answers)) return answers;
    const all = answers.flatMap((one) => one.named ?? []).sort((a, b) => b.time - a.time);
    return { ...stateOf(answers), named: all.slice(0, NAMED_MAX) };
  }

  /** What a campaign has done. */
  async campaign(campaign: string, granted: Granted): Promise<CampaignFigures | Refused> {
    const answers = await this.#ask({ type: 'campaign', campaign }, granted);
    if (isRefusal(answers)) return answers;
    const all = answers.flatMap((one) => one.campaign ?? []);
    return {
      ...stateOf(answers),
      events: all.reduce((sum, { events }) => sum + events, 0),
      members: all.reduce((sum, { members }) => sum + members, 0),
      hours: all.flatMap(({ hours }) => hours).sort((one, other) => one.from - other.from),
    };
  }

  /** Who asked for commands. */
  async asked(places: readonly AskedAt[], granted: Granted): Promise<AskedPage | Refused> {
    if (places.length > REGISTER_PAGE_MAX) return refused('QUERY_INVALID');
    const answers = await this.#ask({ type: 'asked', places }, granted);
    if (isRefusal(answers)) return answers;
    const principals = places.map(
      (_, i) => answers.map((one) => one.principals?.[i]).find((one) => one != null) ?? undefined,
    );
    return { ...stateOf(answers), principals };
  }

  /** Corrections that wait for a second person at a time, the oldest first. */
  async proposals(time: number, granted: Granted): Promise<ProposalsPage | Refused> {
    const answers = await this.#ask({ type: 'proposals', time }, granted);
    if (isRefusal(answers)) return answers;
    const proposals = answers.flatMap((one) => one.proposals ?? []);
    return { ...stateOf(answers), proposals: proposals.sort((one, other) => one.at - other.at) };
  }

  /** Exchanges with partners outside, the newest first. */
  async exchanges(
    query: PartnerExchangesQuery,
    granted: Granted,
  ): Promise<PartnerExchangesPage | Refused> {
    const { state, partner, limit = REGISTER_PAGE_DEFAULT, cursor } = query;
    if (!Number.isInteger(limit) || limit < 1 || limit > REGISTER_PAGE_MAX)
      return refused('QUERY_INVALID', 'limit');
    const [, at = '', exchange = ''] = EXCHANGE.exec(cursor ?? '') ?? [];
    if (cursor !== undefined && exchange === '') return refused('CURSOR_INVALID', 'cursor');
    const after = cursor === undefined ? '' : exchangeKey({ submittedAt: Number(at), exchange });
    const asked = { type: 'exchanges', state, partner, after, limit } as const;
    const answers = await this.#ask(asked, granted);
    if (isRefusal(answers)) return answers;
    const all = answers.flatMap((one) => one.exchanges ?? []);
    all.sort((one, other) => (exchangeKey(one) < exchangeKey(other) ? -1 : 1));
    const exchanges = all.slice(0, limit);
    const hasMore = answers.some((one) => one.exchanges?.length === limit) || all.length > limit;
    const last = hasMore ? exchanges.at(-1) : undefined;
    return {
      ...{ ...stateOf(answers), exchanges },
      cursor: last && `${last.submittedAt}.${last.exchange}`,
    };
  }

  /** Marks of risk, by member and name. */
  async risks(query: RisksQuery, granted: Granted): Promise<RisksPage | Refused> {
    const { state = 'active', reason, action, time, limit = REGISTER_PAGE_DEFAULT, cursor } = query;
    if (!Number.isInteger(limit) || limit < 1 || limit > REGISTER_PAGE_MAX)
      return refused('QUERY_INVALID', 'limit');
    const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString('latin1');
    if (cursor !== undefined && !ROW.test(after)) return refused('CURSOR_INVALID', 'cursor');
    const asked = { state, reason, action, time, after, limit };
    const answers = await this.#ask({ type: 'risks', ...asked }, granted);
    if (isRefusal(answers)) return answers;
    const all = answers.flatMap((one) => one.risks ?? []);
    all.sort((one, other) => (rowName(one) < rowName(other) ? -1 : 1));
    const risks = all.slice(0, limit);
    const hasMore = answers.some((one) => one.risks?.length === limit) || all.length > limit;
    const last = hasMore ? risks.at(-1) : undefined;
    const next = last && Buffer.from(rowName(last), 'latin1').toString('base64url');
    return { ...stateOf(answers), risks, cursor: next };
  }

  /** What another node asks; it has been checked no further than that it is an object. */
  async serve({
    grants,
    question,
  }: Readonly<Record<string, unknown>>): Promise<RegisterAnswer | Refused> {
    const no = forbidden(unpackGrants(grants as Uint8Array));
    if (no !== undefined) return no;
    const { type } = (question ?? {}) as { readonly type?: unknown };
    if (!TYPES.includes(type)) return refused('QUERY_INVALID');
    return this.#here(question as RegisterQuestion);
  }

  /** Whoever asks first has it begun. */
  #here(question: RegisterQuestion): Promise<RegisterAnswer | Refused> {
    const { projections } = this.#options;
    projections.start();
    return projections.ask('register', question).catch(() => refused('SHARD_UNAVAILABLE'));
  }

  async #ask(question: RegisterQuestion, granted: Granted): Promise<RegisterAnswer[] | Refused> {
    const no = forbidden(granted);
    if (no !== undefined) return no;
    return askNodes(this.#options, 'register', question, granted, () => this.#here(question));
  }
}

/** L1. */
function forbidden(granted: Granted): Refused | undefined {
  if (!granted.may('view')) return refused('OPERATION_FORBIDDEN');
  if (granted.owner !== undefined) return refused('OWNER_FORBIDDEN');
  return granted.assetsOf('view') === undefined ? undefined : refused('ASSET_FORBIDDEN');
}

const isPrefix = (text: unknown): boolean =>
  typeof text === 'string' && text.length <= OWNER_LENGTH_MAX && NAME_PART.test(text);

const stateOf = (answers: readonly RegisterAnswer[]): RegisterState => ({
  ok: true,
  asOf: asOfText(answers),
  behind: answers.reduce((sum, { behind }) => sum + behind, 0),
});

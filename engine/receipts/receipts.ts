// The trees over the logs as they are asked for, of all nodes. Owns: who may ask, which node is asked, what may be signed. Never touches: logs, tiles.
//   receipts.R1. Entries of an account are told to whom the account is told: judged by the shard, as for its history.
//   receipts.R2. Sizes, roots and proofs say nothing of anybody, and are told to all who may ask the ledger.
//   receipts.R3. Of a shard one thing is signed after the other, each looked at against what was signed before.

import type { ClusterNode } from '../cluster/node.js';
import { RECEIPT_ENTRIES_MAX, RECEIPTS_LOOK_MS } from '../limits.js';
import { askNodes } from '../projections/over-nodes.js';
import { Projections } from '../projections/projections.js';
import { EVERYTHING, type Granted, unpackGrants } from '../protocol/grants.js';
import { isRefusal, type Posted, type Refused, refused } from '../protocol/outcomes.js';
import type {
  AccountReceipt,
  AccountReceiptQuery,
  CommandReceipt,
  ReceiptQuery,
  Receipts,
  SignedHead,
  SigningReceipts,
  TreeFault,
  TreeHead,
  TreeHeads,
} from '../protocol/receipts.js';
import { storedId } from '../protocol/scope.js';
import { isAssetCode, isSystemOwner, ownerProblem } from '../protocol/syntax.js';
import type { Router } from '../router/router.js';
import type { Answer } from '../shard/messages.js';
import type { GrownHead, TreeAnswers, TreeQuestion } from './questions.js';
import { saltsKeyMade } from './salts.js';
import { SignedHeads } from './signed.js';

const NOWHERE = { seq: 0, offset: 0 } as const;
/** Of an account that has none. */
const NO_ENTRIES = { ...NOWHERE, version: 0, skips: [NOWHERE, NOWHERE, NOWHERE] } as const;

export interface TreeReceiptsOptions {
  readonly router: Router;
  readonly node: ClusterNode | undefined;
  readonly isOn: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type TransferAnswer = Extract<Answer, { type: 'read-transfer' }>;
type HeadAnswer = Extract<Answer, { type: 'head' }>;
/** What another node asks. */
type Asked =
  | TreeQuestion
  | { readonly type: 'heads' }
  | ({ readonly type: 'receipt' } & ReceiptQuery)
  | ({ readonly type: 'of' } & AccountReceiptQuery);

const isSize = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;
const isOptionalSize = (value: unknown): boolean => value === undefined || isSize(value);

export class TreeReceipts {
  readonly #options: TreeReceiptsOptions;
  readonly #projections: Projections;
  /** Undefined: it is not on. */
  readonly #signed: SignedHeads | undefined;
  /** Of each shard, what is being signed. R3. */
  readonly #signing = new Map<number, Promise<unknown>>();

  constructor(options: TreeReceiptsOptions) {
    const { path, here, slotMap } = options.router.folder;
    this.#options = options;
    const data = { folder: path, shards: here, slotMap, lookMs: RECEIPTS_LOOK_MS };
    this.#projections = new Projections({ ...data, names: ['receipts'] });
    this.#signed = options.isOn ? new SignedHeads(path, here) : undefined;
  }

  /** The shards here are open. */
  start(): void {
    if (this.#signed === undefined) return;
    const { path, here } = this.#options.router.folder;
    for (const shard of here) saltsKeyMade(path, shard);
    this.#projections.start();
  }

  close(): Promise<void> {
    return this.#projections.close();
  }

  /** Undefined: it is not on. */
  figures(): ReturnType<Projections['figures']> {
    return this.#projections.figures(this.#options.now());
  }

  /** For somebody who may do this much. */
  of(granted: Granted): Receipts {
    return {
      isOn: this.#signed !== undefined,
      heads: (where) => this.#heads(where ?? 'all'),
      root: (shard, size) => this.#tree({ type: 'root', shard, size }),
      inclusion: (shard, leaf, size) => this.#tree({ type: 'inclusion', shard, leaf, size }),
      consistency: (shard, from, size) => this.#tree({ type: 'consistency', shard, from, size }),
      receipt: (query) => this.#receipt(query, granted),
      account: (query) => this.#account(query, granted),
    };
  }

  readonly signing: () => SigningReceipts = () => ({
    ...this.of(EVERYTHING),
    sign: (shard, size, root, note) =>
      this.#inTurn(shard, () => this.#sign(shard, { size, root, note, at: this.#options.now() })),
    accept: (shard) => this.#inTurn(shard, () => this.#accept(shard)),
  });

  /** What another node asks; it has been checked no further than that it is an object. */
  async serve({ grants, question: asked }: Readonly<Record<string, unknown>>): Promise<object> {
    const granted = unpackGrants(grants as Uint8Array);
    const question = (asked ?? {}) as Asked;
    switch (question.type) {
      case 'heads':
        return this.#headsHere();
      case 'root':
      case 'inclusion':
      case 'consistency':
        return this.#isHere(question.shard) ? this.#tree(question) : refused('SHARD_ELSEWHERE');
      case 'receipt': {
        const { owner, id, size } = question;
        if (!this.#isHere(this.#shardOf(owner))) return refused('SHARD_ELSEWHERE');
        const receipt = await this.#receipt({ owner, id, size }, granted);
        return isRefusal(receipt) ? receipt : { receipt };
      }
      case 'of': {
        const { owner, asset, size, from, limit } = question;
        if (!this.#isHere(this.#shardOf(owner))) return refused('SHARD_ELSEWHERE');
        return this.#account({ owner, asset, size, from, limit }, granted);
      }
      default:
        return refused('QUERY_INVALID', 'type');
    }
  }

  #isHere(shard: number): boolean {
    return this.#options.router.folder.here.includes(shard);
  }

  #shardOf(owner: unknown): number {
    return this.#options.router.shardOf(String(owner));
  }

  /** Asks the node that has a shard. */
  async #elsewhere<T extends object>(
    shard: number,
    asked: Asked,
    { packed: grants }: Granted,
  ): Promise<T | Refused> {
    const { node } = this.#options;
    if (node === undefined) throw new Error(`shard ${shard} is on no node`);
    return node.read<T>(shard, 'receipts', { question: asked, grants });
  }

  /** Asks the thread; what the tree has not come to is refused. */
  async #ask<Type extends keyof TreeAnswers>(
    question: Extract<TreeQuestion | { readonly type: 'heads' }, { type: Type }>,
  ): Promise<TreeAnswers[Type] | Refused> {
    if (this.#signed === undefined) return refused('RECEIPTS_OFF');
    const answer = await this.#projections
      .ask('receipts', question as never)
      .catch(() => refused('SHARD_UNAVAILABLE'));
    return 'early' in answer ? refused('RECEIPT_EARLY') : (answer as TreeAnswers[Type]);
  }

  // --- trees -----------------------------------------------------------------------------------------------------

  async #tree<Type extends 'root' | 'inclusion' | 'consistency'>(
    question: Extract<TreeQuestion, { type: Type }>,
  ): Promise<TreeAnswers[Type] | Refused> {
    const asked: TreeQuestion = question;
    const { shard, size } = asked;
    const { shards } = this.#options.router.folder;
    if (!isSize(shard) || shard >= shards) return refused('QUERY_INVALID', 'shard');
    if (!isSize(size))
      return refused('QUERY_INVALID', asked.type === 'consistency' ? 'to' : 'size');
    if (asked.type === 'inclusion' && !(isSize(asked.leaf) && asked.leaf < size))
      return refused('QUERY_INVALID', 'leaf');
    if (asked.type === 'consistency' && !(isSize(asked.from) && asked.from <= size))
      return refused('QUERY_INVALID', 'from');
    return this.#isHere(shard) ? this.#ask(question) : this.#elsewhere(shard, asked, EVERYTHING);
  }

  async #heads(where: 'all' | 'here'): Promise<TreeHeads | Refused> {
    if (where === 'here') return this.#headsHere();
    const asked = { type: 'heads' };
    const here = (): Promise<TreeHeads | Refused> => this.#headsHere();
    const answers = await askNodes(this.#options, 'receipts', asked, EVERYTHING, here);
    if (isRefusal(answers)) return answers;
    const heads = answers.flatMap((one) => one.heads);
    return { ok: true, heads: heads.sort((one, other) => one.shard - other.shard) };
  }

  async #headsHere(): Promise<TreeHeads | Refused> {
    const answer = await this.#ask<'heads'>({ type: 'heads' });
    if (isRefusal(answer)) return answer;
    const heads = await Promise.all(answer.heads.map((head) => this.#told(head)));
    return heads.find(isRefusal) ?? { ok: true, heads: heads as TreeHead[] };
  }

  async #told(head: GrownHead): Promise<TreeHead | Refused> {
    const signed = this.#signed?.of(head.shard);
    if (signed === undefined) return head;
    const fault = await this.#fault(head, signed);
    return isRefusal(fault) ? fault : { ...head, signed, fault: fault?.is };
  }

  /** What is wrong with a tree after what was signed of it; undefined: nothing that is known yet. */
  async #fault(
    { shard, size, behind }: GrownHead,
    signed: SignedHead,
  ): Promise<{ readonly ok: true; readonly is: TreeFault } | undefined | Refused> {
    if (size < signed.size) return behind > 0 ? undefined : { ok: true, is: 'shorter' };
    const now = await this.#ask<'root'>({ type: 'root', shard, size: signed.size });
    if (isRefusal(now)) return now;
    return now.root === signed.root ? undefined : { ok: true, is: 'another' };
  }

  // --- what is signed ----------------------------------------------------------------------------------------------

  /** R3. */
  async #inTurn<T>(shard: number, act: () => Promise<T>): Promise<T> {
    const before = this.#signing.get(shard) ?? Promise.resolve();
    const done = before.then(act, act);
    this.#signing.set(
      shard,
      done.catch(() => undefined),
    );
    return done;
  }

  async #headOf(shard: number): Promise<TreeHead | Refused> {
    if (this.#signed !== undefined && !this.#isHere(shard)) return refused('SHARD_ELSEWHERE');
    const heads = await this.#headsHere();
    return isRefusal(heads) ? heads : (heads.heads.find((one) => one.shard === shard) as TreeHead);
  }

  async #sign(shard: number, signed: SignedHead): Promise<SignedHead | Refused> {
    const { size, root } = signed;
    if (!isSize(size)) return refused('QUERY_INVALID', 'size');
    const head = await this.#headOf(shard);
    if (isRefusal(head)) return head;
    if (head.fault !== undefined) return refused('TREE_FORKED');
    if (size > head.size || size < (head.signed?.size ?? 0)) return refused('RECEIPT_EARLY');
    const now = await this.#ask<'root'>({ type: 'root', shard, size });
    if (isRefusal(now)) return now;
    if (now.root !== root) return refused('TREE_FORKED', 'root');
    this.#signed?.remember(shard, signed);
    return signed;
  }

  async #accept(shard: number): Promise<SignedHead | undefined | Refused> {
    const head = await this.#headOf(shard);
    if (isRefusal(head)) return head;
    return head.fault === undefined ? undefined : this.#signed?.forget(shard);
  }

  // --- entries -----------------------------------------------------------------------------------------------------

  async #receipt(
    query: ReceiptQuery,
    granted: Granted,
  ): Promise<CommandReceipt | undefined | Refused> {
    const { owner, id, size } = query;
    if (this.#signed === undefined) return refused('RECEIPTS_OFF');
    if (!isOptionalSize(size)) return refused('QUERY_INVALID', 'size');
    const problem = ownerProblem(owner);
    if (problem !== null) return refused(problem, 'owner');
    const { router } = this.#options;
    const shard = router.shardOf(owner);
    if (!this.#isHere(shard)) {
      const asked = { type: 'receipt', owner, id, size } as const;
      const found = await this.#elsewhere<{ receipt?: CommandReceipt }>(shard, asked, granted);
      return isRefusal(found) ? found : found.receipt;
    }
    const read = { type: 'read-transfer', owner, id } as const;
    const answer = await router.ask<'read-transfer'>(read, undefined, { granted });
    if (isRefusal(answer)) return answer;
    const { found } = answer as TransferAnswer;
    if (found === undefined) return undefined;
    const { scope } = granted;
    const outcome = router.loggedOutcome({ shard, scope }, found, id, true);
    if (isRefusal(outcome))
      return outcome.code === 'PREPARED' ? refused('RECEIPT_EARLY') : undefined;
    const { entries, seq } = outcome as Posted;
    const own = entries.filter((entry) => entry.owner === owner);
    const names = own.map(({ asset, version }) => ({ owner, asset, version }));
    const told = await this.#ask<'entries'>({ type: 'entries', shard, seq, entries: names, size });
    return isRefusal(told) ? told : { ...told, owner, id: storedId(id, scope) };
  }

  async #account(query: AccountReceiptQuery, granted: Granted): Promise<AccountReceipt | Refused> {
    const { owner, asset, size, from = 1, limit = RECEIPT_ENTRIES_MAX } = query;
    if (this.#signed === undefined) return refused('RECEIPTS_OFF');
    const problem = ownerProblem(owner) ?? (isSystemOwner(owner) ? 'SYSTEM_OWNER' : null);
    if (problem !== null) return refused(problem, 'owner');
    if (!isAssetCode(asset)) return refused('ASSET_INVALID', 'asset');
    if (!isOptionalSize(size)) return refused('QUERY_INVALID', 'size');
    if (!isSize(from) || from < 1) return refused('QUERY_INVALID', 'from');
    if (!isSize(limit) || limit < 1 || limit > RECEIPT_ENTRIES_MAX)
      return refused('QUERY_INVALID', 'limit');
    const { router } = this.#options;
    const shard = router.shardOf(owner);
    if (!this.#isHere(shard)) return this.#elsewhere(shard, { type: 'of', ...query }, granted);
    const read = { type: 'head', owner, asset } as const;
    const answer = await router.ask<'head'>(read, shard, { granted });
    if (isRefusal(answer)) return answer;
    const { head = NO_ENTRIES } = answer as HeadAnswer;
    const asked = { type: 'account', shard, head, from, limit, size } as const;
    const told = await this.#ask<'account'>(asked);
    return isRefusal(told) ? told : { ...told, owner, asset };
  }
}

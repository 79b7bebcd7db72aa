// The anchor while the ledger runs: when it is looked at the chain, what comes of it. Owns: the loop, the account, what is told of the chain. Never touches: what
// is compared (comparing.ts), how anything is sent (chain.ts).
//   anchor.L1. The node with the first shard looks, alone. Nothing of it is in a command's way, and no failure of it reaches one.
//   anchor.L2. One transaction is under way at a time: the next one is sent when the last one was mined.

import type { Engine } from '../../engine/index.js';
import type { Raising } from '../alerts/shapes.js';
import type { GatewayLimits } from '../limits.js';
import { lookRepeatedly } from '../looking.js';
import type { Destinations } from '../outbound/addresses.js';
import type { Checkpoints } from '../receipts/checkpoints.js';
import type { Seals } from '../receipts/keys.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { acceptAnchors, nextAnchor, sendAnchor, settleAnchor, stateOf } from './anchors.js';
import { Chain, ChainError, type ContractView } from './chain.js';
import { endReconciliation, findings, openReconciliation, remember } from './comparing.js';
import { acceptFeed, nextBatch, sendBatch, settleFeed } from './feeds.js';
import { done, got, KeptError } from './kept.js';
import { Rpc } from './rpc.js';
import {
  ACCOUNT,
  type AnchorSettings,
  type ChainStatus,
  type Finding,
  type Hex,
  ONLY,
  type Reconciliation,
  SETTINGS,
  type Sent,
  STATUS,
} from './shapes.js';

export interface AnchoringOptions {
  readonly engine: Engine;
  readonly sealer: Seals;
  readonly destinations: Destinations;
  readonly checkpoints: Checkpoints;
  readonly alerts: Raising;
  readonly limits: Pick<GatewayLimits, 'anchorLookMs' | 'anchorTimeoutMs' | 'anchorResendMs'>;
  readonly log: (level: 'info' | 'warn' | 'error', text: string, fields: object) => void;
}

/** A contract that was deployed and is not seen for so long is missing. */
const DEPLOY_MS = 1_800_000;
/** A node of the chain that is behind what was seen is believed after so long. */
const BEHIND_MS = 600_000;
/** While a difference is open it is compared so often, or as often as always. */
const OPEN_SECONDS = 60;
const SECOND_MS = 1_000;
const FIRST_SHARD = 0;
const WHY_MAX = 200;
const KEY_ABOUT = 'anchor-account';
const URL_ABOUT = 'anchor-rpc';

/** What is to be sent. */
interface Ready {
  /** How it was sent before. */
  readonly sent: Sent | undefined;
  readonly send: () => Promise<void>;
}

const STARTING: Omit<ChainStatus, 'at'> = { state: 'starting' };

export class Anchoring {
  readonly #options: AnchoringOptions;
  readonly #ending = new AbortController();
  readonly #rpc: Rpc;
  #chain: { readonly of: string; readonly chain: Chain } | undefined;
  #looking: Promise<void> = Promise.resolve();
  #loop: Promise<void> = Promise.resolve();
  #status: ChainStatus | undefined;
  #seen = { block: 0, since: 0 };
  /** What alerts of the chain are about; undefined: of none. */
  #subject: string | undefined;

  constructor(options: AnchoringOptions) {
    this.#options = options;
    this.#rpc = new Rpc(options.destinations, options.limits.anchorTimeoutMs);
  }

  /** Where the chain may be. */
  get destinations(): Destinations {
    return this.#options.destinations;
  }

  /** Does this node look? */
  get isHere(): boolean {
    return this.#options.engine.shardsHere.includes(FIRST_SHARD);
  }

  /** What came of looking last, on the node that looks; undefined: there is nothing to look at. */
  get status(): ChainStatus | undefined {
    return this.#status;
  }

  start(): void {
    if (!this.isHere) return;
    const { signal } = this.#ending;
    const { anchorLookMs } = this.#options.limits;
    this.#loop = lookRepeatedly('anchor', anchorLookMs, signal, () => this.look());
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#rpc.close();
    await this.#loop;
    await this.#looking;
  }

  /** One look at a time. `compare`: whether it is time for it or not. */
  look(compare = false): Promise<void> {
    const next = this.#looking.then(() => this.#look(compare));
    this.#looking = next.catch(() => {});
    return next;
  }

  async #look(compare: boolean): Promise<void> {
    const { engine, alerts } = this.#options;
    const read = await SETTINGS.get(engine, ONLY);
    // A ledger that is not ready yet, of which nobody knows whether it has a chain: nothing is wrong with one.
    if (isRefusal(read) && this.#status === undefined) return;
    const found = got(read);
    if (found === undefined) {
      this.#status = undefined;
      this.#about(undefined);
      return;
    }
    const settings = found.read();
    const subject = `chain/${settings.chainId}`;
    this.#about(subject);
    try {
      await this.#tell(await this.#lookAt(settings, compare));
      alerts.clear('CHAIN_UNREACHABLE', subject);
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      if (!(error instanceof ChainError)) throw error;
      const why = error.message;
      alerts.raise('CHAIN_UNREACHABLE', { subject, evidence: { what: why } });
      await this.#tell({ state: 'unreachable', why });
    }
  }

  /** Of a chain that is looked at no more nothing is wrong any more. */
  #about(subject: string | undefined): void {
    const before = this.#subject;
    this.#subject = subject;
    if (before === undefined || before === subject) return;
    for (const rule of ['CHAIN_UNREACHABLE', 'CHAIN_DIFFERS'] as const)
      this.#options.alerts.clear(rule, before);
  }

  /** Remembers it; written down where it changes, or something was compared. */
  async #tell(said: Omit<ChainStatus, 'at'>): Promise<void> {
    const { engine, log } = this.#options;
    const before = this.#status ?? (got(await STATUS.get(engine, ONLY))?.read() as ChainStatus);
    const after: ChainStatus = { comparedAt: before?.comparedAt, ...said, at: engine.now() };
    this.#status = after;
    const isOther = before?.state !== after.state || before?.why !== after.why;
    if (isOther) log(after.state === 'differs' ? 'error' : 'info', 'the chain', { ...after });
    if (isOther || before?.comparedAt !== after.comparedAt)
      done(await STATUS.put(engine, ONLY, after));
  }

  /** The chain of these settings; undefined: the URL opens with another secrets.key. */
  async chainOf(settings: AnchorSettings): Promise<Chain> {
    const of = JSON.stringify(settings);
    if (this.#chain?.of === of) return this.#chain.chain;
    const url = this.#options.sealer.reveal(settings.rpc, URL_ABOUT);
    if (url === undefined) throw new KeptError(refuse('SECRETS_KEY_DIFFERS'));
    const chain = await Chain.of(this.#rpc, { ...settings, url: new URL(url) });
    this.#chain = { of, chain };
    // What was seen of another one says nothing of this one.
    this.#seen = { block: 0, since: 0 };
    return chain;
  }

  /** Seals the URL of a chain. */
  sealed(url: string): string {
    return this.#options.sealer.conceal(url, URL_ABOUT);
  }

  /** The ledger's account on the chain: made where there is none. */
  async account(): Promise<{ readonly address: Hex; readonly key: Hex }> {
    const { engine, sealer } = this.#options;
    const found = got(await ACCOUNT.get(engine, ONLY))?.read();
    if (found !== undefined) {
      const key = sealer.reveal(found.key, KEY_ABOUT) as Hex | undefined;
      if (key === undefined) throw new KeptError(refuse('SECRETS_KEY_DIFFERS'));
      return { address: found.address, key };
    }
    const { address, key } = await Chain.newAccount();
    const kept = { address, key: sealer.conceal(key, KEY_ABOUT), createdAt: engine.now() };
    const refused = await ACCOUNT.put(engine, ONLY, kept, 0);
    // Another node has made it meanwhile.
    if (refused?.code === 'CHANGED_MEANWHILE') return this.account();
    done(refused);
    return { address, key };
  }

  /** The ledger's name, as its checkpoints have it. */
  async name(): Promise<string> {
    return got(await this.#options.checkpoints.signing()).name;
  }

  async #lookAt(settings: AnchorSettings, compare: boolean): Promise<Omit<ChainStatus, 'at'>> {
    const { contract } = settings;
    const chain = await this.chainOf(settings);
    const isRight = await chain.isRightChain();
    const { chainId } = settings;
    if (!isRight) return this.#differs(settings, other(`not chain ${chainId}`, 'another chain'));
    if (contract === undefined) return { ...STARTING, why: 'there is no contract yet' };
    const block = await chain.confirmedBlock();
    if (block === undefined) return { ...STARTING, why: 'the chain has too few blocks' };
    this.#goesOn(block);
    const view = await chain.view(contract, block);
    const { now } = this.#options.engine;
    if (view === undefined) {
      if (now() - (settings.deployedAt ?? 0) < DEPLOY_MS) return { state: 'deploying', block };
      return this.#differs(settings, other(contract, 'no contract'), block);
    }
    const ledger = chain.ledgerWord(await this.name());
    if (view.ledger !== ledger) return this.#differs(settings, other(ledger, view.ledger), block);
    return this.#lookAtContract(settings, chain, contract, view, compare);
  }

  /** Nodes behind one address are not equally far: what is seen of one that is behind is no difference. */
  #goesOn(block: number): void {
    const now = performance.now();
    const { block: last, since } = this.#seen;
    if (block >= last || now - since > BEHIND_MS) this.#seen = { block, since: now };
    else throw new ChainError(`the node is at block ${block}, ${last} was seen`);
  }

  async #lookAtContract(
    settings: AnchorSettings,
    chain: Chain,
    contract: Hex,
    view: ContractView,
    compare: boolean,
  ): Promise<Omit<ChainStatus, 'at'>> {
    const { engine } = this.#options;
    const { block } = view;
    await settleAnchor(engine, chain, contract, view);
    for (const { platform } of settings.platforms)
      await settleFeed(engine, contract, platform, await chain.feed(contract, platform, block));
    const open = await openReconciliation(engine, contract);
    const { value: state } = await stateOf(engine, contract);
    const hasMoved = view.number !== state.number || view.head !== state.head;
    if (compare || hasMoved || this.#isDue(settings, open !== undefined)) {
      const all = await findings(engine, chain, contract, settings, view);
      if (all.length > 0) return this.#differs(settings, all, block);
      await this.#agrees(settings);
      await this.#send(settings, chain, contract, view);
      return { state: 'ok', block, comparedAt: engine.now() };
    }
    if (open !== undefined) return { state: 'differs', why: whyOf(open.value), block };
    await this.#send(settings, chain, contract, view);
    return { state: 'ok', block };
  }

  #isDue({ compareSeconds }: AnchorSettings, isOpen: boolean): boolean {
    const seconds = isOpen ? Math.min(OPEN_SECONDS, compareSeconds) : compareSeconds;
    const last = this.#status?.comparedAt ?? 0;
    return this.#options.engine.now() - last >= seconds * SECOND_MS;
  }

  async #differs(
    { contract, chainId }: AnchorSettings,
    all: readonly Finding[],
    block?: number,
  ): Promise<Omit<ChainStatus, 'at'>> {
    const { engine, alerts } = this.#options;
    const open = await remember(engine, contract, all);
    const why = open === undefined ? undefined : whyOf(open);
    const evidence = { what: why ?? '', reconciliation: open?.number ?? 0 };
    alerts.raise('CHAIN_DIFFERS', { subject: `chain/${chainId}`, evidence });
    return { state: 'differs', why, block, comparedAt: engine.now() };
  }

  async #agrees({ contract, chainId }: AnchorSettings): Promise<void> {
    const { engine, alerts } = this.#options;
    await remember(engine, contract, []);
    await remember(engine, undefined, []);
    alerts.clear('CHAIN_DIFFERS', `chain/${chainId}`);
  }

  /** Sends what there is to be sent: one transaction, unless one is under way (L2). */
  async #send(
    settings: AnchorSettings,
    chain: Chain,
    contract: Hex,
    view: ContractView,
  ): Promise<void> {
    const { engine, checkpoints } = this.#options;
    const { key } = await this.account();
    const name = await this.name();
    const ready: Ready[] = [];
    const paused = (): void => {
      if (view.paused) throw new ChainError('the contract is paused');
    };
    const anchor = await nextAnchor(engine, checkpoints, contract, name, settings);
    if (anchor !== undefined) {
      paused();
      const isMined = (await chain.lastNumber(contract)) >= anchor.record.number;
      const { sent } = anchor.record;
      if (!isMined)
        ready.push({ sent, send: () => sendAnchor(engine, chain, key, contract, anchor) });
    }
    for (const of of settings.platforms) {
      const { platform } = of;
      const batch = await nextBatch(engine, chain, contract, of, settings.feedSeconds);
      const { pending } = batch?.value ?? {};
      if (batch === undefined || pending === undefined) continue;
      paused();
      const isMined = (await chain.feed(contract, platform)).number >= pending.number;
      const send = (): Promise<void> => sendBatch(engine, chain, key, contract, platform, batch);
      if (!isMined) ready.push({ sent: pending.sent, send });
    }
    // What was sent and is not mined keeps its nonce: it is waited for, or sent again, before anything else is.
    const first = ready.find(({ sent }) => sent !== undefined) ?? ready[0];
    if (first !== undefined && !this.#isUnderWay(first.sent)) await first.send();
  }

  #isUnderWay(sent: Sent | undefined): boolean {
    const { engine, limits } = this.#options;
    return sent !== undefined && engine.now() - sent.at < limits.anchorResendMs;
  }

  /** Deploys a contract of this ledger; `owner`: whose it is, left out: the ledger's own account. */
  async deploy(settings: AnchorSettings, owner: Hex | undefined): Promise<AnchorSettings> {
    const { engine } = this.#options;
    const chain = await this.chainOf(settings);
    if (!(await chain.isRightChain())) throw new ChainError(`it is not chain ${settings.chainId}`);
    const [{ key }, name, now] = [await this.account(), await this.name(), engine.now()];
    const { contract, sent } = await chain.deploy(key, name, owner, now);
    return { ...settings, contract, deployedAt: now, deployedBy: sent.hash };
  }

  /** An operator's word that the chain is right. */
  async accept(by: string): Promise<Refusal | undefined> {
    const { engine } = this.#options;
    const settings = got(await SETTINGS.get(engine, ONLY))?.read();
    const { contract } = settings ?? {};
    if (settings === undefined || contract === undefined)
      return refuse('ANCHOR_NOT_FOUND', undefined, 'There is no contract.');
    const next = this.#looking.then(() => this.#accept(settings, contract, by));
    this.#looking = next.then(
      () => {},
      () => {},
    );
    return next;
  }

  async #accept(settings: AnchorSettings, contract: Hex, by: string): Promise<Refusal | undefined> {
    const { engine } = this.#options;
    const chain = await this.chainOf(settings);
    const isRight = await chain.isRightChain();
    const block = await chain.confirmedBlock();
    const view = isRight && block !== undefined ? await chain.view(contract, block) : undefined;
    if (view === undefined || view.ledger !== chain.ledgerWord(await this.name()))
      return refuse('ANCHOR_CONFLICT', undefined, 'It is another chain, or another contract.');
    await acceptAnchors(engine, contract, view);
    for (const { platform } of settings.platforms)
      await acceptFeed(engine, chain, contract, platform, view.block);
    await endReconciliation(engine, contract, by);
    return undefined;
  }
}

const other = (ledger: string, chain: string): readonly Finding[] => [
  { what: 'contract', about: 'all', ledger, chain },
];

function whyOf({ differences, findings: [first] }: Reconciliation): string {
  if (first === undefined) return '';
  const { what, about, ledger, chain } = first;
  const text = `${what} ${about}: ledger ${ledger}, chain ${chain}`;
  return (differences === 1 ? text : `${differences} differences; ${text}`).slice(0, WHY_MAX);
}

/** What a failure is to whoever asks. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof KeptError) return error.refusal;
  if (error instanceof ChainError) return refuse('CHAIN_FAILED', undefined, error.message);
  throw error;
}

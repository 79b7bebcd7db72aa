// What a recorded run of one actor really was: its log from the first block to the last, replayed from empty.
// Owns: for every block its hash, the state after it, the commands in it. Never touches: the state environment.

import { createHash } from 'node:crypto';
import { canonicalState } from '../../engine/ledger/digest.js';
import { Ledger } from '../../engine/ledger/ledger.js';
import { MemoryIds, pastRecord, recordIn, replayBlock } from '../../engine/ledger/memory.js';
import { NO_SOURCE, Pages } from '../../engine/ledger/pages.js';
import { emptyParts } from '../../engine/ledger/parts.js';
import type { State } from '../../engine/ledger/state.js';
import { feedBlock } from '../../engine/live/feed.js';
import { BlockView } from '../../engine/protocol/block.js';
import type { ActCommand, ReverseCommand } from '../../engine/protocol/commands.js';
import { Draft } from '../../engine/protocol/draft.js';
import type { Balance, Entry } from '../../engine/protocol/outcomes.js';
import { idOf, outcomeOf } from '../../engine/protocol/read-back.js';
import type { RefusalCode } from '../../engine/protocol/refusals.js';
import { checkChain } from '../../engine/shard/recovery.js';
import { verifiedBlock } from '../../engine/store/verified-block.js';
import { ALONE } from '../../engine/transfer/open/places.js';
import { SHARD } from './actor-session.js';
import { textOf } from './answers.js';
import { type Ask, claimedOffer, isRead, keyOf } from './load.js';
import { isFinal } from './told.js';

/** Everything a state holds, in few bytes. */
export function stateDigestOf(state: State): string {
  const text = `${canonicalState(state).join('\n')}\n${state.recordVersion}`;
  return createHash('sha256').update(text).digest('hex');
}

/** Does the state's money add up? Returns what does not. */
export function sumFaults(state: State): string[] {
  const sums = new Map<string, number>();
  for (const line of canonicalState(state)) {
    if (!line.startsWith('account ')) continue;
    const [, asset = '', , , total = ''] = line.slice('account '.length).split('|');
    sums.set(asset, (sums.get(asset) ?? 0) + Number(total));
  }
  return [...sums].filter(([, sum]) => sum !== 0).map(([asset, sum]) => `${asset} sums to ${sum}`);
}

export interface TrueBlock {
  readonly hash: string;
  readonly state: string;
}

export interface TrueCommand {
  readonly seq: number;
  /** Of its outcome. */
  readonly text: string;
}

export class Truth {
  /** By seq; element 0 is the empty ledger. */
  readonly blocks: TrueBlock[] = [];
  /** By owner and id. */
  readonly commands = new Map<string, TrueCommand>();
  /** By member and offer, the blocks in which it was claimed, and given back whole, in turn. */
  readonly #claims = new Map<string, number[]>();
  /** Of claims, by member and id: the offer, and what is left. */
  readonly #claimed = new Map<string, { readonly place: string; left: number }>();
  /** Everything that a read could answer, and the block since which it could. */
  readonly #facts = new Map<string, number>();

  /** Reads blocks 1, 2, ... until there is none. Throws where they are not a sound log. */
  constructor(read: (seq: number) => Uint8Array | undefined) {
    const draft = new Draft();
    const views: BlockView[] = [];
    const past = {
      read: (seq: number, offset: number) => {
        const view = views[seq];
        if (view === undefined || seq === draft.seq) {
          return pastRecord(draft.commands(), draft.reader(), draft, offset);
        }
        return recordIn(view, offset);
      },
    };
    const state: State = {
      ...emptyParts(),
      pages: new Pages(NO_SOURCE),
      ids: new MemoryIds(),
      past,
      places: ALONE,
    };
    const ledger = new Ledger(state, draft);
    ledger.isReplaying = true;
    let head = { seq: 0, hash: new Uint8Array(32), time: 0 };
    this.blocks.push({ hash: '', state: stateDigestOf(state) });
    for (let seq = 1; ; seq++) {
      const bytes = read(seq);
      if (bytes === undefined) break;
      const view = verifiedBlock(bytes, seq);
      checkChain(view, SHARD, head);
      head = { seq, hash: view.hash.slice(), time: view.header.time };
      draft.open(seq, view.header.time, view.applyVersion);
      ledger.openBlock(draft);
      replayBlock(ledger, view);
      views[seq] = view;
      const faults = sumFaults(state);
      if (faults.length > 0) throw new Error(`after block ${seq}: ${faults.join(', ')}`);
      this.blocks.push({
        hash: Buffer.from(head.hash).toString('hex'),
        state: stateDigestOf(state),
      });
      this.#take(bytes, state);
    }
  }

  get head(): number {
    return this.blocks.length - 1;
  }

  #take(bytes: Uint8Array, state: State): void {
    const view = new BlockView(bytes);
    const { header, effects } = view;
    const { seq, items } = feedBlock(view, state.assets);
    const commands = { bytes: view.commands, from: 0 };
    const place = { shard: header.shard, effects, assets: state.assets, commands };
    let at = 0;
    const add = (fact: string) => {
      if (this.#facts.has(fact)) throw new Error(`block ${seq}: a second time: ${fact}`);
      this.#facts.set(fact, seq);
    };
    for (const { command, outcome } of items) {
      // Its caller is also told what expired with it, which in the feed is a tick's (read-back.O1).
      const told = outcomeOf(place, at, idOf(command), seq, header.time, false);
      at += effects.recordLength(at);
      if (command.type === 'define-asset') add(`asset ${command.asset} ${textOf(outcome)}`);
      else if (command.type === 'put-definition')
        add(`definition ${command.key} ${textOf(outcome)}`);
      else if (
        command.type !== 'tick' &&
        command.type !== 'prepare' &&
        command.type !== 'decision' &&
        command.type !== 'delivered'
      ) {
        const key = keyOf(command);
        if (this.commands.has(key)) throw new Error(`block ${seq}: a second time: ${key}`);
        this.commands.set(key, { seq, text: textOf(told) });
      }
      if (!outcome.ok) continue;
      if (command.type === 'act' || command.type === 'reverse')
        this.#claim(command, outcome.entries, seq);
      for (const entry of outcome.entries) add(balanceFact(entry));
      if (outcome.hold !== undefined && outcome.hold.remaining > 0) {
        add(`hold ${textOf(outcome.hold)}`);
      }
      if (command.type === 'put-record') {
        const { owner, recordType, key, value, expiresAt } = command;
        const version = outcome.recordVersion;
        add(`record ${textOf({ owner, recordType, key, value, version, expiresAt })}`);
      }
    }
  }

  /** An offer is claimed once by a member, until all of it was given back. */
  #claim(command: ActCommand | ReverseCommand, entries: readonly Entry[], seq: number): void {
    const offer = claimedOffer(command);
    if (offer !== undefined) {
      const place = `${command.owner} ${offer.key}`;
      const turns = this.#claims.get(place) ?? [];
      if (turns.length % 2 === 1) throw new Error(`block ${seq}: ${place} is claimed again`);
      this.#claims.set(place, [...turns, seq]);
      this.#claimed.set(keyOf(command), { place, left: offer.points });
    }
    if (command.type !== 'reverse') return;
    const claim = this.#claimed.get(`${command.owner} ${command.transferId}`);
    const budget = entries.find(({ owner }) => owner.startsWith('#'));
    if (claim === undefined) return;
    claim.left -= budget?.delta ?? 0;
    if (claim.left < 0) throw new Error(`block ${seq}: more of ${claim.place} is given back`);
    if (claim.left === 0) this.#claims.get(claim.place)?.push(seq);
  }

  /** Who has claimed which offer after this block. */
  claimsAt(head: number): (readonly [owner: string, offer: string])[] {
    return [...this.#claims].flatMap(([place, turns]) => {
      const [owner = '', offer = ''] = place.split(' ');
      return turns.filter((seq) => seq <= head).length % 2 === 1 ? [[owner, offer] as const] : [];
    });
  }

  /**
   * The block that must be there once this answer was given; 0: none. Throws where the answer is not what the log says.
   */
  neededBy(ask: Ask, text: string): number {
    const needs = (fact: string): number => {
      const seq = this.#facts.get(fact);
      if (seq === undefined) throw new Error(`answered, but not in the log: ${fact}`);
      return seq;
    };
    const answer = JSON.parse(text);
    switch (ask.type) {
      case 'define-asset':
        return needs(`asset ${ask.asset} ${text}`);
      case 'put-definition':
        return needs(`definition ${ask.key} ${text}`);
      case 'balance':
        return Math.max(
          0,
          ...(answer as Balance[]).map((one) => (one.version === 0 ? 0 : needs(balanceFact(one)))),
        );
      case 'read-hold':
        return answer === null ? 0 : needs(`hold ${text}`);
      case 'read-record':
        return answer === null ? 0 : needs(`record ${text}`);
      case 'try-claim':
      case 'entries':
        return 0;
    }
    if (answer === null) return 0;
    const known = this.commands.get(isRead(ask) ? `${ask.owner} ${ask.id}` : keyOf(ask));
    if (known?.text === text) return known.seq;
    // A transient refusal is not kept.
    if (answer.ok === false && !isFinal(answer.code as RefusalCode)) return 0;
    throw new Error(`${JSON.stringify(ask)} was answered ${text}, the log says ${known?.text}`);
  }
}

const balanceFact = (
  at: Pick<Balance, 'owner' | 'asset' | 'version' | 'available' | 'held'>,
): string => `balance ${at.owner} ${at.asset} version ${at.version}: ${at.available} ${at.held}`;

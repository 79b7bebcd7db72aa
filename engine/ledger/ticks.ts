// Ticks: what comes by time, applied as logged commands that only the ledger makes. Owns: when there is one, its record; the replay of one.
// Never touches: how what is due is applied (due.ts, notices.ts, campaigns.ts).

import { packCommand } from '../protocol/command-buffer.js';
import type { TickCommand } from '../protocol/commands.js';
import type { Draft } from '../protocol/draft.js';
import { ownerHash } from '../protocol/hash.js';
import { OP } from '../protocol/layout.js';
import type { Campaigns } from './campaigns.js';
import type { Due, Settler } from './due.js';
import type { Notices } from './notices.js';
import type { PastCommands } from './past-commands.js';
import { APPLIED } from './result.js';
import type { State } from './state.js';

/** The first version of ticks that note out of which lots points expired. */
const LOTS_NOTED_VERSION = 2;
const NOTHING: readonly Due[] = [];

/** What ticks need of the work under way. */
interface TickWork {
  readonly state: State;
  readonly draft: Draft;
  readonly time: number;
  readonly known: PastCommands;
  readonly settler: Settler;
  readonly notices: Notices;
  readonly campaigns: Campaigns;
}

export class Ticks {
  readonly #work: TickWork;
  /** Is the record of a tick under way? */
  isUnderWay = false;
  /** Where the tick's record is, and whether its version notes lots. */
  #offset = 0;
  #notesLots = true;

  constructor(work: TickWork) {
    this.#work = work;
  }

  /** What is due on an owner. Was something? */
  ofOwner(owner: string, hash: number): boolean {
    const { state, time, settler } = this.#work;
    const page = state.pages.pageOf(hash);
    if (page.nextDue > time) return false;
    const due = settler.dueOfOwner(page, owner, time);
    if (due === null) return false;
    this.#log({ type: 'tick', owner }, () => settler.settleAll([due], null, time));
    return true;
  }

  /** What is due, and to be told, in a bucket. Was something? */
  ofBucket(bucket: number): boolean {
    const { state, time, settler, notices } = this.#work;
    const { pages } = state;
    const page = pages.page(bucket);
    const due = page.nextDue <= time ? settler.dueOfPage(page, time) : NOTHING;
    const telling = notices.next(page);
    if (due.length === 0 && telling > time) {
      pages.refreshDue(page, telling);
      return false;
    }
    const scope = pages.scopeOf(bucket);
    this.#log({ type: 'tick', ...scope }, () => settler.settleAll(due, page, time));
    return true;
  }

  /** Campaigns that have begun or ended. Had one? */
  ofCampaigns(): boolean {
    const { campaigns } = this.#work;
    const changes = campaigns.changes();
    if (changes.length === 0) return false;
    this.#log({ type: 'tick', campaigns: changes.length }, () => campaigns.tell(changes));
    return true;
  }

  #log(tick: TickCommand, apply: () => void): void {
    const { draft, notices } = this.#work;
    const bytes = packCommand(tick, undefined);
    const offset = draft.append(new Uint8Array(bytes), 0, bytes.length);
    this.isUnderWay = true;
    this.#offset = draft.effects.begin(OP.tick, APPLIED, offset, bytes.length);
    this.#notesLots = true;
    apply();
    notices.end();
    draft.effects.end();
    this.isUnderWay = false;
  }

  /** A tick out of a log, whose record at `offset` is under way. */
  replay(
    { owner, bits = 0, value = 0, campaigns }: Omit<TickCommand, 'type'>,
    version: number,
    offset: number,
  ): void {
    const { state, time, settler, campaigns: running } = this.#work;
    const { pages } = state;
    this.#offset = offset;
    this.#notesLots = version >= LOTS_NOTED_VERSION;
    if (campaigns !== undefined) running.tell(running.changes());
    else if (owner === undefined) {
      const page = pages.page(pages.bucketOfScope(bits, value));
      settler.settleAll(settler.dueOfPage(page, time), page, time);
    } else {
      const due = settler.dueOfOwner(pages.pageOf(ownerHash(owner)), owner, time);
      settler.settleAll(due === null ? NOTHING : [due], null, time);
    }
  }

  /** Notes that the tick under way let points out of a lot expire. */
  noteExpired(owner: string, asset: number, expiry: number): void {
    if (!this.#notesLots) return;
    const { state, draft, known } = this.#work;
    const { hi, lo } = known.lotKey(owner, asset, expiry);
    state.ids.add(hi, lo, draft.seq, this.#offset);
  }
}

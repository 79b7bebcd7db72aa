// The lane of a shard on another node. Owns: one batch at a time on its way there, how long its callers wait. Never touches: threads.
//   router.O4. A batch is repeated as it is until it is answered or nobody waits for it any more; the other side carries it out once.
//   router.O5. Who waits too long is told SHARD_UNAVAILABLE. The outcome is not known then: the id tells it later.

import type { Link } from '../cluster/link.js';
import { packBatch, unpackReply } from '../cluster/wire.js';
import { BATCH_MAX, REMOTE_ANSWER_MIN_MS, REMOTE_WAITING_MAX } from '../limits.js';
import type { AskedBy } from '../protocol/audit-context.js';
import { CommandBuffer } from '../protocol/command-buffer.js';
import type { Command, Query } from '../protocol/commands.js';
import { EVERYTHING } from '../protocol/grants.js';
import { homeOwner } from '../protocol/home.js';
import { type Outcome, refused } from '../protocol/outcomes.js';
import { storedId } from '../protocol/scope.js';
import type { Answer, Decided } from '../shard/messages.js';
import { Gathering, Lane, type LaneHome, Undecided, type Waiter } from './lane.js';

/** When to ask for a decision that was not told: at first, then twice the pause before. */
const ASK_FIRST_MS = 500;

/** Can it concern several shards, so that it is not decided at once? */
const mayStayOpen = (command: Command | Query): command is Command =>
  command.type === 'transfer' ||
  command.type === 'capture' ||
  command.type === 'reverse' ||
  command.type === 'act';

/** With what is needed to give up, and to ask again. */
class TimedGathering extends Gathering {
  /** When each caller's time is up. */
  readonly untils: number[] = [];
  readonly owners: string[] = [];
  lastUntil = 0;
  readonly #home: Pick<LaneHome, 'watch'>;

  constructor(commands: CommandBuffer, home: Pick<LaneHome, 'watch'>) {
    super(commands);
    this.#home = home;
  }

  override add(
    command: Command | Query,
    id: string | undefined,
    waiter: Waiter,
    index: number,
  ): void {
    super.add(command, id, waiter, index);
    const until = Math.max(waiter.until, performance.now() + REMOTE_ANSWER_MIN_MS);
    this.untils.push(until);
    this.owners.push(mayStayOpen(command) ? homeOwner(command) : '');
    if (until > this.lastUntil) this.lastUntil = until;
    this.#home.watch();
  }

  protected override packed(context: AskedBy): Uint8Array {
    return context.elsewhere;
  }

  /** Tells those whose time is up. Returns how many still wait. */
  expire(now: number): number {
    let left = 0;
    for (let i = 0; i < this.ids.length; i++) {
      const waiter = this.waiters[i] as Waiter | null;
      if (waiter === null) continue;
      if ((this.untils[i] as number) > now) {
        left++;
        continue;
      }
      this.waiters[i] = null;
      const refusal = refused('SHARD_UNAVAILABLE', undefined, this.ids[i]);
      waiter.settled(this.indexes[i] as number, refusal);
    }
    return left;
  }
}

/** With what is needed to ask for the decision. */
class Distant extends Undecided {
  readonly owner: string;
  askAt: number;
  pauseMs = ASK_FIRST_MS;

  constructor(gathered: TimedGathering, i: number, until: number) {
    super(gathered.waiters[i] as Waiter, gathered.indexes[i] as number, gathered.ids[i], until);
    this.owner = gathered.owners[i] as string;
    this.askAt = performance.now() + ASK_FIRST_MS;
  }
}

export class RemoteLane extends Lane {
  readonly #link: Link;
  readonly #subject: string;
  #number = 0;
  #underWay: TimedGathering | null = null;
  /** The life of the other node that tickets are of. */
  #session = 0;
  /** Keys of those whose tickets are of an earlier one. */
  #lastOrphan = 0;
  batches = 0;

  constructor(shard: number, home: LaneHome, link: Link) {
    super(shard, home, 1, BATCH_MAX);
    this.#link = link;
    this.#subject = link.subject('commands', shard);
  }

  protected override gather(bytes: number): Gathering {
    return new TimedGathering(new CommandBuffer(bytes), this.home);
  }

  protected override carry(gathered: Gathering): void {
    this.#carry(gathered as TimedGathering);
  }

  async #carry(gathered: TimedGathering): Promise<void> {
    this.#underWay = gathered;
    this.batches++;
    const { node, session } = this.#link;
    const count = gathered.ids.length;
    const number = ++this.#number;
    const bytes = gathered.commands.bytes();
    const question = packBatch({ node, session, number, count, bytes });
    const limitMs = gathered.lastUntil - performance.now();
    const answer = await this.#link.ask(this.#subject, question, limitMs);
    this.#underWay = null;
    const isBelieved = typeof answer !== 'string' && !this.home.isDisputed(this.shard);
    const sent = isBelieved ? unpackReply(answer, count) : undefined;
    if (sent === undefined) {
      this.lost(gathered, 'SHARD_UNAVAILABLE');
      return;
    }
    if (sent.session !== this.#session) this.#otherLife(sent.session);
    this.done(gathered, sent.reply);
  }

  /** The other node has started again: tickets begin anew, and who waits with an old one must ask. */
  #otherLife(session: number): void {
    this.#session = session;
    this.early.clear();
    for (const [ticket, one] of [...this.undecided]) {
      if (ticket < 0) continue;
      this.undecided.delete(ticket);
      this.undecided.set(--this.#lastOrphan, one);
    }
  }

  /** What the other node tells. */
  heard(session: number, decided: Decided): void {
    if (session !== this.#session) return;
    this.decided(decided);
    for (const ticket of this.early.keys()) {
      if (this.early.size <= REMOTE_WAITING_MAX) break;
      this.early.delete(ticket);
    }
  }

  protected override toAwait(gathered: Gathering, i: number, until: number): Distant {
    return new Distant(gathered as TimedGathering, i, until);
  }

  override expire(now: number): number {
    let left = super.expire(now);
    for (const [ticket, one] of this.undecided) {
      if (!one.isWaiting) this.undecided.delete(ticket);
      else this.#askAgain(one as Distant, now);
    }
    left += this.#underWay?.expire(now) ?? 0;
    for (const gathered of [...this.gathered, this.gathering])
      left += (gathered as TimedGathering).expire(now);
    return left;
  }

  /** Word of a decision can be lost: the record is not. */
  #askAgain(one: Distant, now: number): void {
    const { owner, id, scope } = one;
    if (one.askAt > now || id === undefined || owner === '') return;
    one.pauseMs *= 2;
    one.askAt = now + one.pauseMs;
    const settled = (_index: number, result: Outcome | Answer): void => {
      if (!('type' in result) || result.type !== 'read-transfer' || result.found === undefined)
        return;
      const outcome = this.home.loggedOutcome(
        { shard: this.shard, scope },
        result.found,
        id,
        false,
      );
      if (outcome.ok || outcome.code !== 'PREPARED') one.tell(outcome);
    };
    const asker = { settled, until: now + ASK_FIRST_MS, granted: EVERYTHING, context: null };
    const asked = { type: 'read-transfer', owner, id: storedId(id, scope) } as const;
    this.add(asked, undefined, asker, 0);
  }
}

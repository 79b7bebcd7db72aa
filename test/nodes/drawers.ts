// Members who draw, through all gateways at once, and cheat where they can. Owns: who asks for what again, and what was told of each draw. Never
// touches: processes; what draws must come to.
//   N3. A draw has one outcome, whoever asks for it under its id, whenever, through whichever node.

import { setTimeout as sleep } from 'node:timers/promises';
import { REFUSALS, type RefusalCode } from '../../engine/index.js';
import type { Random } from '../random.js';
import { Client, NoAnswer, type Reply } from './client.js';
import { LOTTERY, MEMBERS } from './lottery.js';
import type { Nodes } from './nodes.js';

const PATIENCE_MS = 3_000;
const DECISION_MS = 800;
/** An attacker is away before the answer comes. */
const HASTE_MS = 5;
const PAUSE_MS = 200;
const BETWEEN_MS = 200;
/** Each member asks for so many draws at once. */
const AT_A_TIME = 2;

export interface Won {
  readonly owner: string;
  readonly id: string;
  /** What was told, as text. */
  readonly text: string;
}

export class Drawers {
  /** By owner and id. */
  readonly told = new Map<string, Won>();
  readonly wrong: string[] = [];
  /** Words that were accepted, by owner. */
  readonly words = new Map<string, Set<string>>();
  /** How often what was tried. */
  readonly tried = { again: 0, both: 0, haste: 0, words: 0, trials: 0, reversals: 0 };
  readonly #random: Random;
  readonly #clients: readonly Client[];
  #onLoss: ((owner: string) => void) | undefined;
  #isOver = false;
  #ids = 0;

  constructor(nodes: Nodes, random: Random) {
    this.#random = random;
    this.#clients = nodes.all.map((node) => new Client(node, PATIENCE_MS));
  }

  close(): void {
    this.#isOver = true;
    for (const client of this.#clients) client.close();
  }

  /** All draw until `finish`; then each draw that was asked for has its outcome. */
  async run(): Promise<void> {
    await Promise.all(MEMBERS.map((owner) => this.#word(owner, `${owner}-first`)));
    const askers = MEMBERS.flatMap((owner) =>
      Array.from({ length: AT_A_TIME }, () => this.#member(owner)),
    );
    await Promise.all(askers);
  }

  finish(): void {
    this.#isOver = true;
  }

  /** Whose loss was told next. */
  nextLoss(): Promise<string> {
    return new Promise((resolve) => {
      this.#onLoss = resolve;
    });
  }

  async #member(owner: string): Promise<void> {
    const random = this.#random;
    await sleep(random.int(BETWEEN_MS));
    while (!this.#isOver) {
      const id = `d${this.#ids++}`;
      await this.#drawn(owner, id);
      if (random.chance(0.1)) await this.#word(owner, `${owner}-${id}`);
      if (random.chance(0.1)) await this.#trial(owner, id);
      await sleep(BETWEEN_MS / 2 + random.int(BETWEEN_MS));
    }
  }

  #ask(call: string, body: object, patienceMs = PATIENCE_MS): Promise<Reply | undefined> {
    const client = this.#random.pick([...this.#clients]);
    return client.ask(call, body, patienceMs).catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
      return undefined;
    });
  }

  /** Draws, and asks again until there is an outcome: through several nodes at once, or away before the answer. */
  async #drawn(owner: string, id: string): Promise<void> {
    const random = this.#random;
    const call = `POST /v1/lotteries/${LOTTERY}/draws?timeoutMs=${DECISION_MS}`;
    for (let isDone = false, n = 0; !isDone || random.chance(0.2); n++) {
      if (n > 0) {
        this.tried.again++;
        await sleep(PAUSE_MS);
      }
      const isBoth = random.chance(0.3);
      const isHasty = !isDone && random.chance(0.15);
      if (isBoth) this.tried.both++;
      if (isHasty) this.tried.haste++;
      const asked = Array.from({ length: isBoth ? 2 : 1 }, () =>
        this.#ask(call, { owner, id }, isHasty ? HASTE_MS : PATIENCE_MS),
      );
      for (const reply of await Promise.all(asked))
        if (reply !== undefined && this.#hear(owner, id, reply)) isDone = true;
    }
  }

  /** Is that the outcome? */
  #hear(owner: string, id: string, { status, body }: Reply): boolean {
    const place = `${owner} ${id}`;
    if (status === 200 || status === 201) {
      const { effects, why } = body.act;
      const text = JSON.stringify([effects, why]);
      const before = this.told.get(place);
      if (before === undefined) this.told.set(place, { owner, id, text });
      else if (before.text !== text)
        this.wrong.push(`${place} was ${before.text}, and then ${text}`);
      if (why.prize === 'none') {
        this.#onLoss?.(owner);
        this.#onLoss = undefined;
      }
      return true;
    }
    const code = body?.code as RefusalCode | undefined;
    if (code !== undefined && REFUSALS[code]?.kept === 'final')
      this.wrong.push(`${place} is refused ${code}`);
    return code !== undefined && REFUSALS[code]?.kept === 'final';
  }

  /** Commits to a word, whatever was committed before. */
  async #word(owner: string, word: string): Promise<void> {
    this.tried.words++;
    for (;;) {
      const call = `POST /v1/lotteries/${LOTTERY}/words?timeoutMs=${DECISION_MS}`;
      const reply = await this.#ask(call, { owner, word, id: `w-${word}` });
      const { status = 0, body } = reply ?? {};
      const isAccepted = status === 200 || status === 201;
      if (isAccepted) this.words.set(owner, (this.words.get(owner) ?? new Set()).add(word));
      if (isAccepted || body?.code === 'DRAW_WORD_COMMITTED') return;
      await sleep(PAUSE_MS);
    }
  }

  /** A dry run, an atomic batch, a reversal of a draw: none of them says or does anything. */
  async #trial(owner: string, id: string): Promise<void> {
    const act = { owner, id: `${id}-t`, body: { lottery: LOTTERY } };
    const [call, body, should] = this.#random.pick([
      ['POST /v1/acts/draw?dryRun=true', act, 'DRAW_NOT_TRIED'],
      ['POST /v1/acts/draw?atomic=true', [act], 'DRAW_NOT_TRIED'],
      [`POST /v1/accounts/${owner}/transfers/${id}/reverse`, { id: `${id}-r` }, 'NOT_REVERSIBLE'],
    ] as const);
    const reply = await this.#ask(call, body);
    if (reply === undefined || reply.status >= 500) return;
    const text = JSON.stringify(reply.body);
    if (/roll/.test(text)) this.wrong.push(`${call} told what is drawn: ${text}`);
    if (!text.includes(should)) {
      const code = /"code":"(\w+)"/.exec(text)?.[1];
      if (code === undefined || REFUSALS[code as RefusalCode]?.kept !== 'transient')
        this.wrong.push(`${call} is ${text}`);
    }
    if (should === 'NOT_REVERSIBLE') this.tried.reversals++;
    else this.tried.trials++;
  }
}

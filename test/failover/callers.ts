// Callers of a ledger whose replicas are killed, stopped and cut off. Owns: what was asked, what was acknowledged, when. Never touches: processes.
//   Each caller asks through jifen/client with the addresses of all replicas, one thing after the other: what is acknowledged counts once, and a
//   read sees all that was acknowledged before it was asked.

import { type Client, connect } from '../../gateway/client/node.js';

const OWNERS = 12;
const ATTEMPT_MS = 1_500;
const CALL_MS = 60_000;

export class Callers {
  /** Ids that were acknowledged, by the owner at home of whom they are. */
  readonly acknowledged = new Map<string, string[]>();
  /** When something was acknowledged, ms since 1970, in order. */
  readonly times: number[] = [];
  /** What must not be. */
  readonly wrong: string[] = [];
  readonly #client: Client;
  readonly #prefix: string;
  #isRunning = true;
  #running: Promise<unknown> = Promise.resolve();
  #asked = 0;

  constructor(urls: readonly string[], key: string, prefix: string) {
    this.#client = connect({ url: urls, key, timeoutMs: ATTEMPT_MS });
    this.#prefix = prefix;
  }

  get client(): Client {
    return this.#client;
  }

  begin(callers: number): void {
    this.#running = Promise.all(Array.from({ length: callers }, (_, n) => this.#call(n)));
  }

  async #call(n: number): Promise<void> {
    while (this.#isRunning) {
      const number = this.#asked++;
      const owner = `u${(number + n) % OWNERS}`;
      const until = Date.now() + CALL_MS;
      // Nobody else uses the id: repeated until it is known what became of it.
      while (this.#isRunning)
        try {
          if (number % 4 === 0) await this.#read(owner);
          else await this.#give(owner, number);
          break;
        } catch (error) {
          if (Date.now() < until) continue;
          this.wrong.push(`no answer in ${CALL_MS} ms: ${(error as Error).message}`);
          break;
        }
    }
  }

  /** A third goes from one owner to another, over two shards as a rule. */
  async #give(owner: string, number: number): Promise<void> {
    const id = `${this.#prefix}-${number}`;
    const other = `u${(number * 7) % OWNERS}`;
    const from = number % 3 === 0 && other !== owner ? other : '@issue';
    const legs = [{ from, to: owner, asset: 'gold', amount: 1 }];
    const outcome = await this.#client.submit({ type: 'transfer', id, legs });
    if (!outcome.ok) return;
    const home = from === '@issue' ? owner : from;
    this.times.push(Date.now());
    const known = this.acknowledged.get(home);
    if (known === undefined) this.acknowledged.set(home, [id]);
    else known.push(id);
  }

  /** What was acknowledged before is in it. */
  async #read(owner: string): Promise<void> {
    const least = this.acknowledged.get(owner)?.length ?? 0;
    const balances = await this.#client.balances(owner);
    const version = balances.find(({ asset }) => asset === 'gold')?.version ?? 0;
    if (version < least)
      this.wrong.push(`${owner} was at version ${version}, and ${least} were acknowledged`);
    this.times.push(Date.now());
  }

  /** From then on until something was acknowledged that was asked for later, ms; undefined: nothing was. */
  backAfter(from: number): number | undefined {
    // What was on its way comes at once; a gap of some length is the interruption.
    const after = this.times.filter((time) => time >= from);
    let longest = 0;
    for (let i = 0, last = from; i < after.length; last = after[i++] as number)
      longest = Math.max(longest, (after[i] as number) - last);
    return after.length === 0 ? undefined : longest;
  }

  async end(): Promise<void> {
    this.#isRunning = false;
    await this.#running;
  }

  /** Ids that were acknowledged and are not there; what is there twice is wrong. */
  async lost(): Promise<string[]> {
    const lost: string[] = [];
    for (const [owner, ids] of this.acknowledged) {
      const found = await this.#ids(owner);
      const known = new Set(found);
      if (known.size < found.length) this.wrong.push(`${owner} has something twice`);
      lost.push(...ids.filter((id) => !known.has(id)).map((id) => `${owner} ${id}`));
    }
    return lost;
  }

  /** Ids of what an owner's entries are of, but reserves, in order. */
  async #ids(owner: string): Promise<(string | undefined)[]> {
    const found: (string | undefined)[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await this.#client.entries({ owner, asset: 'gold', cursor, limit: 1_000 });
      found.push(...page.entries.filter(({ kind }) => kind !== 'RESERVE').map(({ id }) => id));
      if (page.cursor === undefined) return found;
      cursor = page.cursor;
    }
  }

  close(): void {
    this.#client.close();
  }
}

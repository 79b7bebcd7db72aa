// Where a ledger is asked: one address, or one for each of its replicas. Owns: which one is asked next. Never touches: connections.
//   client.K14. An address that did not serve is left for the next one, by whoever found it so; what was asked goes on with the same ids.

const SHAPE = /^https?:\/\/[^/?#]+(\/[^?#]*)?$/;

export class Addresses {
  readonly #all: readonly string[];
  #at = 0;

  /** Throws TypeError where one is none, or there is none. */
  constructor(urls: string | readonly string[]) {
    const all: readonly unknown[] = typeof urls === 'string' ? [urls] : [...urls];
    this.#all = all.map((url) => {
      if (typeof url !== 'string' || !SHAPE.test(url))
        throw new TypeError('url is the address of a gateway of the ledger, with http or https');
      return url.replace(/\/+$/, '');
    });
    if (this.#all.length === 0) throw new TypeError('url names no gateway of the ledger');
  }

  /** How many there are. */
  get count(): number {
    return this.#all.length;
  }

  /** The one to ask now. */
  get current(): string {
    return this.#all[this.#at] as string;
  }

  /** This one did not serve: the next one is asked, unless somebody has left it already. */
  leave(url: string): void {
    if (url === this.current) this.#at = (this.#at + 1) % this.#all.length;
  }
}

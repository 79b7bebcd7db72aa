// A witness asked to cosign a checkpoint (C2SP tlog-witness). Owns: what is sent, which of its answers count. Never touches: when it is asked; what is signed.
//   receipts.A1. What a witness answers counts where it is a signature of its key over exactly this checkpoint, and nothing else of it does.
//   receipts.A2. A witness that has seen more than is here, or another tree, says so by refusing: that is told as what it is, and not tried away.
//   receipts.A3. That a witness has seen more is its word alone (409 with a size, and no signature). What shows it is a checkpoint with a signature of the
//       ledger's own keys: it is asked for that, and a witness that has none, or shows another, has shown nothing.

import type { Destinations } from '../outbound/addresses.js';
import { Requests } from '../partners/requests.js';
import { signatureLine } from './signer.js';
import {
  checkpointOf,
  type Key,
  keyOf,
  type Note,
  noteOf,
  ReceiptError,
  signedBy,
  sizeOf,
} from './verify.js';
import type { WitnessRecord } from './witnesses.js';

/** A tree that goes on from a smaller one: hashes, base64; undefined: that cannot be shown now. */
export type ProofFrom = (size: number) => Promise<readonly string[] | undefined>;

/** What came of it. `ahead`: it has seen a larger tree; `forked`: another tree; `failed`: it did not answer, or not as it should. */
export type Cosigned =
  | { readonly state: 'cosigned'; readonly line: string; readonly seconds: number }
  | { readonly state: 'ahead'; readonly size: number }
  | { readonly state: 'forked' | 'failed'; readonly why: string };

const ANSWER_BYTES_MAX = 16 * 1024;
const OK = 200;
const CONFLICT = 409;
const UNPROVEN = 422;
const CONTENT_TYPE = 'text/plain; charset=utf-8';

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks witnesses, over HTTP. */
export class WitnessRequests {
  readonly #requests: Requests;
  readonly #timeoutMs: number;
  /** The size that each one has cosigned of a log, as far as is known. */
  readonly #seen = new Map<string, number>();

  constructor(destinations: Destinations, timeoutMs: number) {
    this.#requests = new Requests(destinations);
    this.#timeoutMs = timeoutMs;
  }

  close(): void {
    this.#requests.close();
  }

  /** Has a checkpoint cosigned. */
  async cosign(
    witness: WitnessRecord,
    note: string,
    { origin, size }: { readonly origin: string; readonly size: number },
    proofFrom: ProofFrom,
    signal: AbortSignal,
  ): Promise<Cosigned> {
    const place = `${witness.vkey} ${origin}`;
    // Whatever it has seen, it says it: then it is asked once more.
    for (let tries = 0; ; tries++) {
      const old = this.#seen.get(place) ?? 0;
      if (old > size) {
        // It is asked again the next time: nothing is remembered of one that was wrong.
        this.#seen.delete(place);
        return { state: 'ahead', size: old };
      }
      const proof = old === 0 || old === size ? [] : await proofFrom(old);
      if (proof === undefined) return { state: 'failed', why: 'its proof cannot be had now' };
      const answer = await this.#post(witness, old, proof, note, signal);
      if (typeof answer === 'string') return { state: 'failed', why: answer };
      const said = sizeOf(answer.body.endsWith('\n') ? answer.body.slice(0, -1) : undefined);
      if (answer.status === CONFLICT && said !== undefined && said !== old && tries === 0) {
        this.#seen.set(place, said);
        continue;
      }
      const cosigned = await read(witness, note, answer);
      if (cosigned.state === 'cosigned') this.#seen.set(place, size);
      else this.#seen.delete(place);
      return cosigned;
    }
  }

  /** What a witness shows of a larger tree that the ledger has signed: its size; undefined: it shows none (A3). `keys`: of the log, those given up, too. */
  async signedSize(
    { url }: Pick<WitnessRecord, 'url'>,
    {
      origin,
      size,
      keys,
    }: { readonly origin: string; readonly size: number; readonly keys: readonly Key[] },
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const shown = new URL(`${url.replace(/\/+$/, '')}/checkpoint`);
    shown.searchParams.set('origin', origin);
    const answer = await this.#requests.ask(
      {
        ...{ method: 'GET', url: shown, token: undefined },
        ...{ timeoutMs: this.#timeoutMs, bytesMax: ANSWER_BYTES_MAX },
      },
      signal,
    );
    if (answer.state !== 'answered' || answer.status !== OK) return undefined;
    try {
      const note = noteOf(answer.body.toString('utf8'));
      const checkpoint = checkpointOf(note);
      if (checkpoint.origin !== origin || checkpoint.size <= size) return undefined;
      return (await signedBy(note, keys)).length > 0 ? checkpoint.size : undefined;
    } catch (error) {
      if (error instanceof ReceiptError) return undefined;
      throw error;
    }
  }

  async #post(
    { url }: WitnessRecord,
    old: number,
    proof: readonly string[],
    note: string,
    signal: AbortSignal,
  ): Promise<Answer | string> {
    const lines = [`old ${old}`, ...proof].join('\n');
    const answer = await this.#requests.ask(
      {
        ...{ method: 'POST', url: new URL(`${url.replace(/\/+$/, '')}/add-checkpoint`) },
        ...{ token: undefined, contentType: CONTENT_TYPE, body: `${lines}\n\n${note}` },
        ...{ timeoutMs: this.#timeoutMs, bytesMax: ANSWER_BYTES_MAX },
      },
      signal,
    );
    if (answer.state !== 'answered') return answer.why;
    return { status: answer.status, body: answer.body.toString('utf8') };
  }
}

async function read(
  { vkey }: WitnessRecord,
  note: string,
  { status, body }: Answer,
): Promise<Cosigned> {
  const why = `it answered ${status}: ${body.slice(0, 200).trim()}`;
  if (status === CONFLICT || status === UNPROVEN) return { state: 'forked', why };
  if (status !== OK) return { state: 'failed', why };
  try {
    const key = keyOf(vkey);
    const { text } = noteOf(note);
    const { signatures } = noteOf(`${text}\n${body}`);
    for (const one of signatures) {
      const alone: Note = { text, signatures: [one] };
      const [signed] = await signedBy(alone, [key]);
      if (signed?.time !== undefined)
        return { state: 'cosigned', line: signatureLine(one), seconds: signed.time };
    }
    return { state: 'failed', why: 'what it answered has no signature of its key' };
  } catch (error) {
    if (error instanceof ReceiptError) return { state: 'failed', why: error.message };
    throw error;
  }
}

// JSON documents in the ledger's own records. Owns: their bytes, their versions, that a list leaves none out. Never touches: what
// is in them.
//   gateway.A5. A change is written over the version it was made from, so two that change at once cannot undo each other.

import {
  type AuditContext,
  type DeleteRecordCommand,
  type Engine,
  limits,
  type OwnerRecord,
  type PutRecordCommand,
} from '../engine/index.js';
import { isRefusal, type Refusal, refuse } from './refusal.js';

/** A ledger with its own records; who changes them is named where it is somebody's call (route.ts). */
export type OwnLedger = Pick<Engine, 'own'>;

/** The ledger's own records as somebody changes them: the log names who asked. */
export const changedBy = ({ own }: OwnLedger, audit: AuditContext | undefined): OwnLedger => ({
  own: {
    ...own,
    submit: (command) => own.submit(command, { audit }),
    atomic: (commands) => own.atomic(commands, { audit }),
  },
});

/** A document as it is kept. */
export interface Document<T> {
  readonly key: string;
  /** Greater than that of what was there before, by no known step; 0 stands for a document that is not there yet. */
  readonly version: number;
  /** Parses it. */
  read(): T;
}

const documentOf = <T>({ key, version, value }: OwnerRecord): Document<T> => ({
  key,
  version,
  read: () => JSON.parse(Buffer.from(value).toString('utf8')) as T,
});

const bytesOf = (value: object): Uint8Array => Buffer.from(JSON.stringify(value));

/** Is there more in it than a record takes? */
export const isTooLong = (value: object): boolean =>
  bytesOf(value).length > limits.RECORD_BYTES_MAX;

/** A change of a document that is made with others or not at all. */
export interface DocumentChange {
  readonly command: PutRecordCommand | DeleteRecordCommand;
  /** What requests call the key, if they name it. */
  readonly field: string | undefined;
}

/** Makes changes of documents of one owner: all of them, or none. `CHANGED_MEANWHILE`: one is not at the version that was seen. */
export async function changeAll(
  { own }: OwnLedger,
  changes: readonly DocumentChange[],
): Promise<Refusal | undefined> {
  const outcomes = await own.atomic(changes.map(({ command }) => command));
  const at = outcomes.findIndex((one) => !one.ok && one.code !== 'BATCH_ABORTED');
  const no = outcomes[at];
  if (no === undefined || no.ok) return undefined;
  const isGone = no.code === 'RECORD_VERSION_MISMATCH' || no.code === 'RECORD_NOT_FOUND';
  return isGone ? refuse('CHANGED_MEANWHILE', changes[at]?.field) : no;
}

/** The documents of one type that an engine-owned owner has. */
export class Documents<T extends object> {
  readonly #place: { readonly owner: string; readonly recordType: string };
  readonly #field: string | undefined;

  /** `field`: what requests call the key, if they name it. */
  constructor(owner: string, recordType: string, field?: string) {
    this.#place = { owner, recordType };
    this.#field = field;
  }

  /** The document under a key; undefined: there is none. */
  async get({ own }: OwnLedger, key: string): Promise<Document<T> | undefined | Refusal> {
    const record = await own.record(this.#place.owner, this.#place.recordType, key);
    return record === undefined || isRefusal(record) ? record : documentOf(record);
  }

  /** All of them, by key. */
  async all({ own }: OwnLedger): Promise<readonly Document<T>[] | Refusal> {
    const all: Document<T>[] = [];
    for (;;) {
      const page = await own.records({ ...this.#place, after: all.at(-1)?.key });
      if (isRefusal(page)) return page;
      for (const record of page) all.push(documentOf(record));
      if (page.length < limits.RECORDS_PAGE_MAX) return all;
    }
  }

  /**
   * Writes a document over the version that was seen (0: over none); left out: over any. `expiresAt`: when it goes away by itself, in milliseconds since
   * 1970; left out: never.
   */
  async put(
    ledger: OwnLedger,
    key: string,
    document: T,
    ifVersion?: number,
    expiresAt?: number,
  ): Promise<Refusal | undefined> {
    const written = await this.write(ledger, key, document, ifVersion, expiresAt);
    return isRefusal(written) ? written : undefined;
  }

  /** The same, and its version then. */
  async write(
    { own }: OwnLedger,
    key: string,
    document: T,
    ifVersion?: number,
    expiresAt?: number,
  ): Promise<Refusal | number> {
    const value = bytesOf(document);
    const place = { ...this.#place, key };
    const written = { value, ifVersion, expiresAt };
    const outcome = await own.submit({ type: 'put-record', ...place, ...written });
    if (outcome.ok) return outcome.recordVersion ?? 0;
    return outcome.code === 'RECORD_VERSION_MISMATCH'
      ? refuse('CHANGED_MEANWHILE', this.#field)
      : outcome;
  }

  /** The write of a document over the version that was seen (0: over none), for changeAll. */
  putting(key: string, document: T, ifVersion: number): DocumentChange {
    const said = { ...this.#place, key, value: bytesOf(document), ifVersion };
    return { command: { type: 'put-record', ...said }, field: this.#field };
  }

  /** Its deletion at the version that was seen, for changeAll. */
  deleting(key: string, ifVersion: number): DocumentChange {
    return {
      command: { type: 'delete-record', ...this.#place, key, ifVersion },
      field: this.#field,
    };
  }

  /** Replaces a document by what `change` makes of it, where that is another one; undefined: there is none. */
  async change(
    engine: OwnLedger,
    key: string,
    change: (document: T) => T | Refusal,
  ): Promise<T | undefined | Refusal> {
    const found = await this.get(engine, key);
    if (found === undefined || isRefusal(found)) return found;
    const before = found.read();
    const after = change(before);
    if (isRefusal(after) || after === before) return after;
    return (await this.put(engine, key, after, found.version)) ?? after;
  }

  /** Deletes a document that may be gone already; `ifVersion`: only over the version that was seen. */
  async delete({ own }: OwnLedger, key: string, ifVersion?: number): Promise<Refusal | undefined> {
    const outcome = await own.submit({ type: 'delete-record', ...this.#place, key, ifVersion });
    if (outcome.ok || outcome.code === 'RECORD_NOT_FOUND') return undefined;
    return outcome.code === 'RECORD_VERSION_MISMATCH'
      ? refuse('CHANGED_MEANWHILE', this.#field)
      : outcome;
  }
}

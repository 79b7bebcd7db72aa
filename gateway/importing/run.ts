// An import from files to the last report. Owns: the order of its steps, what is asked of the server, what is asked again. Never touches: how a
// server is reached, arguments.
//   importing.P1. First everything is read, and put where the records of a member are together; then part after part is brought in. Whatever ends
//       the process, the same command goes on: it reads nothing twice, and repeats one part at most, as repeats.
//       What was read is what its digest says: a file that somebody writes to meanwhile is not brought in.
//   importing.P2. What the server refuses for now, or does not answer, is asked again; nothing is taken for done that was not answered.

import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { IMPORT_LINES_MAX, IMPORT_MEMBERS_MAX } from '../schema/import-words.js';
import type { Line } from './line.js';
import type { MemberLines, MemberTold } from './members.js';
import { type Format, recordsIn } from './reading.js';
import {
  type Figures,
  noFigures,
  partsFor,
  type Reported,
  type Staged,
  type Staging,
} from './staging.js';
import { type Defaults, understood } from './words.js';

/** What a server answered. */
export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks the server; throws where it cannot be reached. */
export type Ask = (method: string, path: string, body: unknown) => Promise<Answered>;

/** What is imported, and how. */
export interface Importing {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly format: Format }[];
  readonly defaults: Defaults;
  readonly staging: Staging;
  readonly ask: Ask;
  readonly isTrial: boolean;
  /** How long a server that does not answer is asked again. */
  readonly patienceMs: number;
  /** Is told how far it is. */
  readonly tell: (what: string) => void;
}

/** What it came to. */
export interface ImportResult extends Figures {
  readonly name: string;
  readonly digest: string;
}

/** Tells of a refused line. */
type Report = (record: Staged, code: string, field: string | undefined, detail: string) => void;

const TOO_LONG = `A member has at most ${IMPORT_LINES_MAX} lines: an opening balance stands for the oldest.`;
/** Refusals that are written at a time. */
const REFUSED_AT_A_TIME = 1_000;
/** Lines of one request. */
const LINES_MAX = 2_000;
/** Requests under way at a time: others are made ready meanwhile. */
const UNDER_WAY = 4;
const [PAUSE_MS, PAUSE_MAX_MS] = [100, 2_000];

/** The digest of what is brought in: the files, and all that decides what they say. */
async function digestOf({ files, defaults: { kind, asset, platform, zone } }: Importing) {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([kind, asset, platform, zone].map((one) => one ?? null)));
  for (const { path, format } of files) {
    const one = createHash('sha256');
    for await (const piece of createReadStream(path)) one.update(piece as Buffer);
    hash.update(`\n${format} ${one.digest('hex')}`);
  }
  return hash.digest('hex');
}

export class ImportRun {
  readonly #importing: Importing;
  #figures: Figures = noFigures();

  constructor(importing: Importing) {
    this.#importing = importing;
  }

  /** Brings everything in that is not yet. */
  async run(): Promise<ImportResult> {
    const { name, isTrial, staging, tell } = this.#importing;
    const digest = await digestOf(this.#importing);
    if (!isTrial) await this.#asked('POST', '/v1/imports', { name, digest });
    const known = isTrial ? undefined : staging.checkpoint(digest);
    const { parts, through } = known ?? (await this.#read(digest));
    if (known !== undefined) this.#figures = known.figures;
    for (let part = through; part < parts; part++) {
      await this.#bring(part);
      staging.save({ digest, parts, through: part + 1, figures: this.#figures });
      tell(`${part + 1} of ${parts} parts, ${this.#figures.lines} lines`);
    }
    const { members, lines, refused } = this.#figures;
    const came = { members, lines, refused };
    if (!isTrial) await this.#asked('POST', `${this.#path}/end`, came);
    staging.clearParts(parts);
    return { name, digest, ...this.#figures };
  }

  /** Writes every refused line, of the reading and of each part. */
  report(path: string): void {
    const { staging, files } = this.#importing;
    const parts = partsFor(bytesOf(files));
    const names = ['reading', ...Array.from({ length: parts }, (_, part) => `part-${part}`)];
    staging.report(path, names);
  }

  get #path(): string {
    return `/v1/imports/${encodeURIComponent(this.#importing.name)}`;
  }

  /** Reads all files. */
  async #read(digest: string) {
    const { files, staging, defaults, tell } = this.#importing;
    staging.clear();
    const parts = partsFor(bytesOf(files));
    const writer = staging.writer(parts);
    staging.writeRefused('reading', []);
    let records = 0;
    for (const [file, { path, format }] of files.entries()) {
      for await (const group of recordsIn(path, format)) {
        const refused: Reported[] = [];
        for (const record of group) {
          const { line } = record;
          const found = 'fault' in record ? record.fault : understood(record.said, defaults);
          if ('code' in found) {
            refused.push({ file: basename(path), line, ...found });
            continue;
          }
          if (found.isEmpty === true) this.#figures.empty++;
          const { key, member, line: said = null } = found;
          writer.add([key, file, line, member, said, 0]);
          const { owner, platform } = member;
          if (said === null && owner !== undefined && platform !== undefined && !found.isEmpty)
            writer.add([
              owner,
              file,
              line,
              { ...member, platform: undefined, user: undefined },
              null,
              1,
            ]);
        }
        this.#figures.refused += refused.length;
        staging.addRefused('reading', refused);
        records += group.length;
        tell(`${records} records read`);
      }
    }
    writer.end();
    if ((await digestOf(this.#importing)) !== digest)
      throw new Error('a file was changed while it was read, and nothing of it was brought in');
    const checkpoint = { digest, parts, through: 0, figures: this.#figures };
    staging.save(checkpoint);
    return checkpoint;
  }

  /** Brings in the members of a part. */
  async #bring(part: number): Promise<void> {
    const { staging, files } = this.#importing;
    const groups = new Map<string, Group>();
    const name = `part-${part}`;
    const refused: Reported[] = [];
    const write = (): void => {
      this.#figures.refused += refused.length;
      staging.addRefused(name, refused.splice(0));
    };
    const report: Report = ([, file, line], code, field, detail) => {
      refused.push({ file: basename(files[file]?.path ?? ''), line, code, field, detail });
      if (refused.length >= REFUSED_AT_A_TIME) write();
    };
    staging.writeRefused(name, []);
    for (const record of staging.part(part)) {
      const [key] = record;
      const group = groups.get(key) ?? new Group();
      groups.set(key, group);
      if (group.records.length >= IMPORT_LINES_MAX) {
        group.isTooLong = true;
        report(record, 'BATCH_TOO_LARGE', undefined, TOO_LONG);
        continue;
      }
      const field = group.add(record);
      const detail = `An earlier line of the member says another ${field}.`;
      if (field !== undefined) report(record, 'IDENTITY_CONFLICT', field, detail);
    }
    const requests: Promise<void>[] = [];
    let some: Group[] = [];
    let lines = 0;
    const send = async (): Promise<void> => {
      if (some.length === 0) return;
      const sent = some;
      [some, lines] = [[], 0];
      if (requests.length >= UNDER_WAY) await requests.shift();
      requests.push(this.#send(sent, report));
      // It is awaited below, and heard of then.
      requests.at(-1)?.catch(() => undefined);
    };
    for (const group of groups.values()) {
      if (group.isTooLong) {
        for (const record of group.all) report(record, 'BATCH_TOO_LARGE', undefined, TOO_LONG);
        continue;
      }
      if (group.records.length === 0 && !group.isCounted) continue;
      if (lines + group.records.length > LINES_MAX || some.length >= IMPORT_MEMBERS_MAX)
        await send();
      some.push(group);
      lines += group.records.length;
    }
    await send();
    await Promise.all(requests);
    write();
  }

  async #send(groups: readonly Group[], report: Report): Promise<void> {
    const { isTrial } = this.#importing;
    const path = `${this.#path}/members${isTrial ? '?dryRun=true' : ''}`;
    const members = groups.map((group) => group.member());
    const { body } = await this.#asked('POST', path, { members });
    for (const [i, told] of (body['members'] as MemberTold[]).entries())
      this.#count(groups[i] as Group, told, report);
  }

  #count(group: Group, { refused, sums }: MemberTold, report: Report): void {
    const figures = this.#figures;
    for (const { line, code, field, detail } of refused) {
      const record = line < 0 ? group.own : group.records[line];
      if (record !== undefined) report(record, code, field, detail);
    }
    if (group.isCounted) figures.members++;
    for (const [asset, { lines, earned, spent, expired }] of Object.entries(sums)) {
      figures.assets[asset] ??= { lines: 0, earned: 0, spent: 0, expired: 0 };
      const all = figures.assets[asset];
      all.lines += lines;
      all.earned += earned;
      all.spent += spent;
      all.expired += expired;
      figures.lines += lines;
    }
  }

  /** Asks until there is an answer that stays. */
  async #asked(method: string, path: string, body: unknown): Promise<Answered> {
    const { ask, patienceMs, tell } = this.#importing;
    let until = performance.now() + patienceMs;
    for (let pause = PAUSE_MS; ; pause = Math.min(PAUSE_MAX_MS, pause * 2)) {
      let why: string;
      try {
        const answered = await ask(method, path, body);
        const { status, body: told } = answered;
        if (status >= 200 && status < 300) return answered;
        const { code, detail, retry } = told;
        why = `the server answered ${status} ${String(code ?? '')}: ${String(detail ?? '')}`;
        if (retry !== true && status !== 429 && status < 500 && code !== 'OCCURRED_FUTURE')
          throw new Refusing(why);
        // A server that answers is there: it may take longer.
        if (status === 429) until = performance.now() + patienceMs;
      } catch (error) {
        if (error instanceof Refusing) throw error;
        why = (error as Error).message;
      }
      if (performance.now() > until) throw new Error(`${why}; the same command goes on from here`);
      tell(why);
      await sleep(pause);
    }
  }
}

/** A refusal that is the same whenever it is asked. */
class Refusing extends Error {}

const bytesOf = (files: Importing['files']): number =>
  files.reduce((sum, { path }) => sum + statSync(path).size, 0);

/** The records of one member. */
class Group {
  /** Those that say points, in the order of their lines. */
  readonly records: Staged[] = [];
  /** The one that says who the member is. */
  own: Staged | undefined;
  /** It has more lines than a member may have: none of them is brought in. */
  isTooLong = false;
  #member: MemberLines = {};

  /** Adds a record; the field in which it contradicts an earlier one. */
  add(record: Staged): string | undefined {
    const [, , , member, said] = record;
    const wrong = Object.entries(member).find(([field, value]) => {
      const known = this.#member[field as keyof MemberLines];
      return value !== undefined && known !== undefined && known !== value;
    });
    if (wrong !== undefined) return wrong[0];
    this.#member = { ...this.#member, ...defined(member) };
    if (said !== null) this.records.push(record);
    else this.own ??= record;
    return undefined;
  }

  /** Is it a member of its own, and not one that another line tells of, under his other name? */
  get isCounted(): boolean {
    return this.own === undefined ? this.records.length > 0 : this.own[5] === 0;
  }

  get all(): readonly Staged[] {
    return this.own === undefined ? this.records : [this.own, ...this.records];
  }

  member(): MemberLines {
    const lines = this.records.map(([, , , , said]) => said as Line);
    return { ...this.#member, lines };
  }
}

const defined = (member: object): object =>
  Object.fromEntries(Object.entries(member).filter(([, value]) => value !== undefined));

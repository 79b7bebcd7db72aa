// A whole folder checked. Owns: the order of it, what is a problem, which block is named. Never touches: LMDB, which only
// reading processes open; anything in the folder.
//   audit.V1. What is found is found without believing anything: bytes first, then the chain, then every entry, then the state.
//   audit.V2. After the first bad block of a shard nothing of that shard is believed any more.
//   audit.V3. Nothing is written into the folder, which may be read-only: no lock is taken, and what LMDB writes beside an
//       environment it writes beside a link to it, elsewhere. That somebody opened the folder meanwhile is noticed at the end.

import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Root } from '../shard/checkpoint.js';
import { FolderError } from '../store/errors.js';
import {
  type CleanStop,
  type Folder,
  openFolder,
  readCleanStop,
  shardLogPath,
  shardStatePath,
} from '../store/folder.js';
import { expectUnlocked } from '../store/lock.js';
import { definitionFaults, definitionsOf, type ShardDefinitions } from './definition-check.js';
import { IdSet } from './id-set.js';
import { LogCheck } from './log-check.js';
import { LogWalk } from './log-walk.js';
import { Reader, type ReaderLimits } from './reader.js';
import { CheckedBefore, checkSegments, type SegmentsChecked } from './segment-walk.js';
import { checkState, readRoot } from './state-check.js';
import { type ShardStripes, stripeFaults, stripesOf } from './stripe-check.js';
import type { WhyFigures } from './tasks.js';
import { type SaidHead, TreeCheck, type VerifiedTree } from './tree-check.js';

/** Something that is wrong in a folder. */
export interface Problem {
  readonly shard: number;
  /** Where: the log environment, the state environment, or the small files beside them. */
  readonly environment: 'log' | 'state' | 'folder';
  /** The block, where it is one. */
  readonly seq?: number;
  readonly what: string;
}

/** What checking a folder came to. */
export interface Verified {
  readonly ok: boolean;
  /** The first bad block of a shard comes first. */
  readonly problems: readonly Problem[];
  /** Blocks and posted transfers that were checked, up to the first bad block of each shard. */
  readonly blocks: number;
  readonly transfers: number;
  /** With `why`: how many acts come to what was logged, and how many the log alone cannot decide. */
  readonly why?: { readonly recomputed: number; readonly asLogged: number };
  /** Of the shards that have a tree over their log, as it was worked out anew up to the first bad block; undefined: none has. */
  readonly trees?: readonly VerifiedTree[];
}

/** How far it is. */
export interface VerifyProgress {
  readonly shard: number;
  readonly seq: number;
  readonly headSeq: number;
  /** Sealed segments of the shard that were checked to the last byte, which comes before its blocks are looked at; undefined: that is done. */
  readonly segments?: SegmentsChecked | undefined;
}

export interface VerifyOptions {
  /** Are acts decided again, and compared with what was logged? */
  readonly why?: boolean | undefined;
  /** What was said of trees elsewhere (checkpoints that somebody kept): each is compared with the log. */
  readonly heads?: readonly SaidHead[] | undefined;
  /**
   * A file in which it is noted which sealed segments were checked to the last byte: with it, a check that was ended goes on behind them. It is
   * for one check: what decays later is not looked for in what it names.
   */
  readonly resume?: string | undefined;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
}

/** Bytes for ids while the log is replayed beside. */
const TWIN_CACHE_BYTES = 256 * 1024 * 1024;

/** Checks folders one after the other with the same two reading processes. */
export class Auditor {
  readonly logs: Reader;
  readonly states: Reader;
  readonly limits: ReaderLimits;

  constructor(limits: ReaderLimits = {}) {
    this.limits = limits;
    this.logs = new Reader(limits);
    this.states = new Reader(limits);
  }

  /** See verifyFolder. */
  async verify(path: string, options: VerifyOptions = {}): Promise<Verified> {
    const opened = open(path);
    if (!('slotMap' in opened)) return { ok: false, problems: [opened], blocks: 0, transfers: 0 };
    const before = changedAt(opened);
    const scratch = mkdtempSync(join(tmpdir(), 'jifen-verify-'));
    try {
      const problems: Problem[] = [];
      const stripes: ShardStripes[] = [];
      const definitions: ShardDefinitions[] = [];
      const trees: VerifiedTree[] = [];
      let [blocks, transfers, recomputed, asLogged] = [0, 0, 0, 0];
      for (const shard of opened.here) {
        const audit = new ShardAudit(this, opened, shard, scratch, options);
        const check = await audit.run();
        problems.push(...audit.problems);
        blocks += check.blocks;
        transfers += check.transfers;
        recomputed += audit.why?.recomputed ?? 0;
        asLogged += audit.why?.asLogged ?? 0;
        if (audit.tree !== undefined) trees.push(audit.tree);
        if (!audit.isLogSound) continue;
        stripes.push(stripesOf(shard, check.books));
        definitions.push(definitionsOf(shard, check.books));
      }
      if (stripes.length === opened.here.length)
        for (const { shard, what } of stripeFaults(stripes))
          problems.push({ shard, environment: 'log', what });
      for (const { shard, what } of definitionFaults(definitions))
        problems.push({ shard, environment: 'log', what });
      if (changedAt(opened) !== before)
        throw new FolderError(
          opened.path,
          '',
          'was opened by another process meanwhile; stop it and verify again',
        );
      const why = options.why === true ? { why: { recomputed, asLogged } } : {};
      const found = { problems, blocks, transfers, ...why, ...(trees.length > 0 && { trees }) };
      return { ok: problems.length === 0, ...found };
    } finally {
      await Promise.allSettled([this.logs.run('close', {}), this.states.run('close', {})]);
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /** Ends the reading processes. */
  async close(): Promise<void> {
    await Promise.all([this.logs.end(), this.states.end()]);
  }
}

/** When something was made or removed in it: whoever opens a folder makes its lock, and removes it. */
const changedAt = ({ path }: Folder): bigint => statSync(path, { bigint: true }).mtimeNs;

/** The folder, which nobody has open; or what is wrong with it. */
function open(path: string): Folder | Problem {
  try {
    const folder = openFolder(path, { create: false, lock: false });
    expectUnlocked(join(folder.path, 'lock'));
    return folder;
  } catch (error) {
    if (!(error instanceof FolderError) || !existsSync(error.file)) throw error;
    const { file, message } = error;
    if (basename(file) !== 'folder.json') {
      throw new FolderError(
        file,
        '',
        `${message.slice(file.length + 2)}. Stop it, or verify a backup`,
      );
    }
    return { shard: 0, environment: 'folder', what: message };
  }
}

/** One shard being checked. */
class ShardAudit {
  readonly problems: Problem[] = [];
  /** How acts were decided again; undefined: they were not. */
  why: WhyFigures | undefined;
  /** The tree over its log; undefined: it has none. */
  tree: VerifiedTree | undefined;
  readonly #auditor: Auditor;
  readonly #folder: Folder;
  readonly #shard: number;
  readonly #scratch: string;
  readonly #options: VerifyOptions;

  constructor(
    auditor: Auditor,
    folder: Folder,
    shard: number,
    scratch: string,
    options: VerifyOptions,
  ) {
    this.#auditor = auditor;
    this.#folder = folder;
    this.#shard = shard;
    this.#scratch = scratch;
    this.#options = options;
  }

  async run(): Promise<LogCheck> {
    const ids = new IdSet(join(this.#scratch, 'ids'));
    const tree = new TreeCheck(this.#folder.path, this.#shard, this.#options.heads);
    const home = { shard: this.#shard, slotMap: this.#folder.slotMap };
    const check = new LogCheck(home, ids, tree.recount);
    try {
      const stop = this.#cleanStop();
      const root = await this.#openState();
      await this.#walkLog(check, stop, root);
      this.tree = tree.tree;
      for (const what of tree.faults(this.isLogSound)) this.#problem('folder', what);
    } finally {
      ids.close();
    }
    return check;
  }

  /** Another name of an environment, outside of the folder; where there is none, its own. */
  #linked(path: string): string {
    if (!existsSync(path)) return path;
    const link = join(this.#scratch, `${this.#shard}-${basename(path)}`);
    symlinkSync(path, link);
    return link;
  }

  /** Is the log believed up to its end? */
  get isLogSound(): boolean {
    return this.problems.every(({ environment }) => environment !== 'log');
  }

  #problem(environment: Problem['environment'], what: string, seq?: number): void {
    this.problems.push({
      shard: this.#shard,
      environment,
      what,
      ...(seq === undefined ? {} : { seq }),
    });
  }

  #cleanStop(): CleanStop | undefined {
    try {
      return readCleanStop(this.#folder.path, this.#shard);
    } catch (error) {
      this.#problem('folder', (error as Error).message);
      return undefined;
    }
  }

  /** Runs a part; what it throws is a problem. */
  async #found<T>(
    environment: Problem['environment'],
    part: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await part();
    } catch (error) {
      this.#problem(environment, (error as Error).message);
      return undefined;
    }
  }

  /** The state's root; undefined: there is none, or the state cannot be read. */
  async #openState(): Promise<Root | undefined> {
    const { states } = this.#auditor;
    const path = this.#linked(shardStatePath(this.#folder.path, this.#shard));
    if (!existsSync(path)) return undefined;
    const before = this.problems.length;
    const walked = await this.#found('state', () => states.run('walk', { path }));
    for (const fault of walked?.faults ?? []) this.#problem('state', fault);
    return this.#found('state', async () => {
      const { root } = await states.run('open-state', { path });
      const { faults } = await states.run('sweep', {});
      // A key that cannot be read may come up in both.
      if (this.problems.length === before)
        for (const fault of faults) this.#problem('state', fault);
      return root === undefined ? undefined : readRoot(root);
    });
  }

  async #walkLog(
    check: LogCheck,
    stop: CleanStop | undefined,
    root: Root | undefined,
  ): Promise<void> {
    const walk = new LogWalk(
      this.#auditor.logs,
      this.#linked(shardLogPath(this.#folder.path, this.#shard)),
      check,
      {
        shard: this.#shard,
        shards: this.#folder.shards,
        slotMap: this.#folder.slotMap,
        scratch: join(this.#scratch, 'twin'),
        cacheBytes: TWIN_CACHE_BYTES,
        why: this.#options.why,
      },
    );
    const faults: string[] = [];
    const marks = [
      { what: 'the clean stop', seq: stop?.seq ?? 0, hash: stop?.hash },
      { what: 'the checkpoint', seq: root?.seq ?? 0, hash: undefined },
    ];
    await this.#found('log', async () => {
      faults.push(...(await this.#checkSegments()));
      const head = await walk.open(faults);
      for (const fault of faults) this.#problem('log', fault);
      const isSound = faults.length === 0;
      for (const { what, seq } of marks) {
        if (seq > head)
          this.#problem(
            'log',
            `lost tail: it ends at block ${head}, and ${what} names block ${seq}`,
            head + 1,
          );
      }
      const ends = [...marks.map(({ seq }) => seq), head]
        .filter((seq) => seq <= head)
        .sort((a, b) => a - b);
      for (const end of new Set(ends)) {
        const bad = await walk.to(end, (seq) =>
          this.#options.onProgress?.({ shard: this.#shard, seq, headSeq: head }),
        );
        if (bad !== undefined) return this.#badBlock(bad.what, bad.seq, isSound);
        for (const mark of marks) this.#mark(mark, check);
        if (root !== undefined && end === root.seq) await this.#compareState(root, check);
      }
      const rest = await walk.end();
      this.why = walk.why;
      for (const { what, seq } of rest) this.#problem('log', what, seq);
    });
  }

  /** What is wrong with the segments of its log. */
  async #checkSegments(): Promise<string[]> {
    const path = shardLogPath(this.#folder.path, this.#shard);
    if (!existsSync(path)) return [];
    const { logs, limits } = this.#auditor;
    return checkSegments(logs, path, {
      ...{ limits, before: new CheckedBefore(this.#options.resume) },
      onProgress: (segments) =>
        this.#options.onProgress?.({ shard: this.#shard, seq: 0, headSeq: 0, segments }),
    });
  }

  /** Comes first: what LMDB's pages have wrong is less than the block that cannot be read because of it. */
  #badBlock(what: string, seq: number | undefined, isSound: boolean): void {
    this.#problem('log', what, seq);
    const bad = this.problems.pop() as Problem;
    if (isSound) this.problems.push(bad);
    else this.problems.unshift(bad);
  }

  #mark(
    { what, seq, hash }: { what: string; seq: number; hash: string | undefined },
    { head }: LogCheck,
  ): void {
    if (seq === 0 || seq !== head.seq || hash === undefined || hash === head.hash) return;
    this.#problem('log', `is another block than ${what} names`, seq);
  }

  async #compareState(root: Root, check: LogCheck): Promise<void> {
    const { states } = this.#auditor;
    await this.#found('state', () =>
      checkState(
        states,
        root,
        check.head,
        check.books,
        check.ids,
        join(this.#scratch, 'state-ids'),
      ),
    );
  }
}

/**
 * Checks a data folder that nobody has open: every byte that is hashed, the chain, a lost tail, L1-L6 recomputed from what
 * blocks record, then the stored state against the result. Changes nothing. Damaged environments cannot harm this process.
 * Throws FolderError where there is no data folder, or another process has it.
 */
export async function verifyFolder(folder: string, options: VerifyOptions = {}): Promise<Verified> {
  const auditor = new Auditor();
  try {
    return await auditor.verify(folder, options);
  } finally {
    await auditor.close();
  }
}

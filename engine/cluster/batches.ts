// Batches of other nodes for a shard of this one. Owns: their checking, that a batch that comes twice is carried out once, who
// is told of decisions. Never touches: shards, but through `run`.
//   cluster.N4. What reaches a shard was packed here: every command of a batch is decoded, validated and packed again.
//   cluster.N5. One batch per node and shard at a time; a repeat gets the same answer, an older one none. Memory is one answer each.

import { COMMAND_BYTES_MAX, REMOTE_REPLY_KEPT_MS, TOGETHER_COMMANDS_MAX } from '../limits.js';
import {
  type AskedBy,
  CONTEXT_OP,
  contextFromNode,
  type SealOrigin,
} from '../protocol/audit-context.js';
import { commandOfTuple, decodeCommand, unpackTuple } from '../protocol/codec.js';
import { CommandBuffer } from '../protocol/command-buffer.js';
import { CommandView } from '../protocol/command-view.js';
import type {
  AtomicQuery,
  Command,
  DefineAssetCommand,
  DryRunQuery,
  PutDefinitionCommand,
  Query,
} from '../protocol/commands.js';
import { FIRST_QUERY_OP } from '../protocol/commands.js';
import { EVERYTHING, GRANTS_OP, type Granted, unpackGrants } from '../protocol/grants.js';
import { OP, typeOfOp } from '../protocol/layout.js';
import { validateQuery } from '../protocol/validate.js';
import type { Decided, Reply } from '../shard/messages.js';
import type { Link } from './link.js';
import { type BatchAsked, packDecided, packReply, unpackBatch } from './wire.js';

/** What a batch needs of the node. */
export interface BatchHost {
  /** Carries it out; `tell` hears of decisions of transfers that it opened, after the reply. */
  run(
    shard: number,
    commands: CommandBuffer,
    count: number,
    tell: (decided: Decided) => void,
  ): Promise<Reply>;
  /** Is this command this shard's business? */
  isFor(shard: number, command: Command): boolean;
  /** Is this a prepare or decision that other shards may say to this one? */
  isPhaseFor(shard: number, bytes: Uint8Array): boolean;
  /** Defines assets on all shards, before the batch that asks for it is carried out. */
  define(command: DefineAssetCommand, granted: Granted, context: AskedBy | null): Promise<unknown>;
  /** Carries out an atomic batch that says assets: nothing else is defined meanwhile, and all shards take what it has decided. */
  together(run: () => Promise<Reply>): Promise<Reply>;
  /** Seals where somebody asks from, with the keys of this folder. */
  readonly seal: SealOrigin;
}

/** What a node has asked of a shard last. */
interface Last {
  readonly session: number;
  readonly number: number;
  answer: Uint8Array | null;
  /** Repeats that came before there was an answer. */
  waiting: ((answer: Uint8Array) => void)[];
  forget: NodeJS.Timeout | undefined;
}

export class Batches {
  readonly #link: Link;
  readonly #host: BatchHost;
  readonly #last = new Map<string, Last>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #mayAnswer: () => boolean;
  #isClosing = false;
  /** Carried out. */
  done = 0;

  /** In doubt nothing is begun or answered: who asks does so again. */
  constructor(link: Link, host: BatchHost, mayAnswer: () => boolean) {
    this.#link = link;
    this.#host = host;
    this.#mayAnswer = mayAnswer;
  }

  /** Begins to take batches for a shard. */
  serve(shard: number): void {
    this.#link.serve(this.#link.subject('commands', shard), (bytes, answer) =>
      this.#take(shard, bytes, answer),
    );
  }

  #take(shard: number, bytes: Uint8Array, answer: (bytes: Uint8Array) => void): boolean {
    const asked = unpackBatch(bytes);
    if (asked === undefined || !this.#link.cluster.nodes.has(asked.node)) return false;
    if (this.#isClosing || !this.#mayAnswer()) return true;
    const key = `${asked.node} ${shard}`;
    const last = this.#last.get(key);
    if (last !== undefined) {
      const age = asked.session - last.session || asked.number - last.number;
      if (age < 0) return true;
      if (age === 0) {
        if (last.answer === null) last.waiting.push(answer);
        else answer(last.answer);
        return true;
      }
    }
    const batch = new Repacked(shard, this.#host, asked);
    if (!batch.isSound) return false;
    clearTimeout(last?.forget);
    const { session, number } = asked;
    const now: Last = { session, number, answer: null, waiting: [answer], forget: undefined };
    this.#last.set(key, now);
    const run = this.#run(shard, batch, now, asked.node);
    this.#underWay.add(run);
    run.finally(() => this.#underWay.delete(run));
    return true;
  }

  /** Never rejects: a shard that has stopped does not answer, and the process ends. */
  async #run(shard: number, batch: Repacked, now: Last, node: string): Promise<void> {
    const { session } = this.#link;
    const place = this.#link.subject('node', node, now.session, 'decided');
    const tell = (decided: Decided): void =>
      this.#link.tell(place, packDecided({ shard, session, decided }));
    try {
      for (const [command, granted, context] of batch.definitions)
        await this.#host.define(command, granted, context);
      const run = (): Promise<Reply> => this.#host.run(shard, batch.commands, batch.count, tell);
      const reply = await (batch.hasAssets ? this.#host.together(run) : run());
      now.answer = packReply({ session, reply });
      this.done++;
      if (this.#mayAnswer()) for (const answer of now.waiting) answer(now.answer);
      now.waiting = [];
      // Its number stays, so that nothing is carried out twice.
      now.forget = setTimeout(() => {
        now.answer = EMPTY;
      }, REMOTE_REPLY_KEPT_MS);
      now.forget.unref();
    } catch {
      now.waiting = [];
    }
  }

  /** Takes no more; resolves when what was taken is answered. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#underWay);
    for (const { forget } of this.#last.values()) clearTimeout(forget);
  }
}

/** No answer: who asks for it so late is not waited for any more. */
const EMPTY = new Uint8Array(0);

/** What the callers of the commands after it may do, as their node says. Throws on what are no grants. */
const grantsIn = ({ bytes, start, end }: CommandView): Granted =>
  unpackGrants(bytes.slice(start, end));

/** Does it say what the first shard alone decides? */
const isNumbered = ({ version, number, definedAt, by }: PutDefinitionCommand): boolean =>
  [version, number, definedAt, by].some((said) => said !== undefined);

/** A batch's commands, checked and packed anew. */
class Repacked {
  readonly commands: CommandBuffer;
  readonly count: number;
  /** Does an atomic batch in it say assets? */
  hasAssets = false;
  readonly definitions: [DefineAssetCommand, Granted, AskedBy | null][] = [];
  readonly isSound: boolean;
  readonly #shard: number;
  readonly #host: BatchHost;
  /** What the caller of the next command may do. */
  #granted = EVERYTHING;
  /** And who it is, where that is said. */
  #context: AskedBy | null = null;

  constructor(shard: number, host: BatchHost, { bytes, count }: BatchAsked) {
    this.#shard = shard;
    this.#host = host;
    this.count = count;
    this.commands = new CommandBuffer(bytes.length);
    this.isSound = this.#repack(bytes);
  }

  #repack(bytes: Uint8Array): boolean {
    const view = new CommandView();
    try {
      let at = 0;
      for (let i = 0; i < this.count; i++) {
        if (at >= bytes.length) return false;
        view.read(bytes, at);
        while (view.op === GRANTS_OP || view.op === CONTEXT_OP) {
          this.#envelope(view);
          at = view.end;
          if (at >= bytes.length) return false;
          view.read(bytes, at);
        }
        if (!(view.op >= FIRST_QUERY_OP ? this.#query(view) : this.#command(view))) return false;
        at = view.end;
      }
      return at === bytes.length;
    } catch {
      return false;
    }
  }

  #envelope(view: CommandView): void {
    if (view.op === GRANTS_OP) {
      this.#granted = grantsIn(view);
      this.commands.grant(this.#granted);
    } else {
      this.#context = contextFromNode(view, this.#host.seal);
      this.commands.asked(this.#context?.here ?? null);
    }
  }

  #command({ bytes, start, end }: CommandView): boolean {
    const found = decodeCommand(bytes.subarray(start, end), true, this.#granted.scope);
    if (!('command' in found)) return false;
    const { command } = found;
    if (command.type === 'define-asset') {
      // Numbers of assets must be the same everywhere: the first shard gives them, and its node tells the others.
      if (this.#shard !== 0 || command.version !== undefined) return false;
      this.definitions.push([command, this.#granted, this.#context]);
      // It was asked for where it was decided.
      this.commands.asked(null);
      this.commands.append(command, undefined);
      this.commands.asked(this.#context?.here ?? null);
      return true;
    }
    if (command.type === 'put-definition') {
      if (!this.#mayDefine(command)) return false;
      this.commands.append(command, undefined);
      return true;
    }
    if (command.id === undefined || !this.#host.isFor(this.#shard, command)) return false;
    this.commands.append(command, command.id);
    return true;
  }

  #query({ bytes, start, end, op, isKnown }: CommandView): boolean {
    if (op === OP['dry-run'] || op === OP.atomic) return this.#together(bytes, start, end);
    const type = typeOfOp(op);
    if (end - start > COMMAND_BYTES_MAX || !isKnown || type === undefined) return false;
    // Histories are read on the node that has them (reads.ts).
    if (type === 'head') return false;
    const query = commandOfTuple(unpackTuple(bytes, start, end)) as Query;
    if (validateQuery(query, true) !== null) return false;
    this.commands.append(query, undefined);
    return true;
  }

  /** A dry run or an atomic batch: what is in it, checked and packed anew, too. */
  #together(bytes: Uint8Array, start: number, end: number): boolean {
    const query = commandOfTuple(unpackTuple(bytes, start, end)) as DryRunQuery | AtomicQuery;
    if (validateQuery(query, true) !== null) return false;
    const commands = new CommandBuffer(query.commands.length);
    const view = new CommandView();
    let count = 0;
    let granted = EVERYTHING;
    for (let at = 0; at < query.commands.length; at = view.end) {
      view.read(query.commands, at);
      if (view.op === GRANTS_OP) {
        granted = grantsIn(view);
        commands.grant(granted);
        continue;
      }
      const one = query.commands.subarray(view.start, view.end);
      const isPhase = view.op === OP.prepare || view.op === OP.decision;
      if (!isPhase && ++count > TOGETHER_COMMANDS_MAX) return false;
      if (!isPhase) {
        const command = this.#commandIn(one, granted, query.type === 'atomic');
        if (command === undefined) return false;
        if (query.type === 'atomic' && command.type === 'define-asset') this.hasAssets = true;
        commands.append(command, 'id' in command ? command.id : undefined);
      } else if (query.type === 'dry-run' && this.#host.isPhaseFor(this.#shard, one))
        commands.appendPacked(one);
      else return false;
    }
    this.commands.append({ ...query, commands: commands.bytes() }, undefined);
    return true;
  }

  /** One that goes by an id, or says a definition; undefined: it is neither, or not this shard's business. `owned`: of the other node's own records, too. */
  #commandIn(bytes: Uint8Array, granted: Granted, owned: boolean): Command | undefined {
    const found = decodeCommand(bytes, owned, granted.scope);
    if (!('command' in found)) return undefined;
    const { command } = found;
    if (command.type === 'put-definition') return this.#mayDefine(command) ? command : undefined;
    if (command.type === 'define-asset')
      return this.#shard === 0 && command.version === undefined ? command : undefined;
    if (command.id === undefined) return undefined;
    return this.#host.isFor(this.#shard, command) ? command : undefined;
  }

  /** The first shard numbers definitions, and says by whom they are; the nodes ask what there is. */
  #mayDefine(command: PutDefinitionCommand): boolean {
    return this.#shard === 0 && !isNumbered(command);
  }
}

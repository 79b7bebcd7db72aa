// Dry runs and atomic batches at the mailbox. Owns: whether all of an atomic batch can be carried out, what is answered.
// Never touches: the block being filled, but through the ledger; messages, which leave with their block.
//   shard.J1. All commands of an atomic batch are in one block, or none is in any: it is tried first, and only what was tried
//       without a refusal is carried out. So the log holds nothing but commands that each replay by themselves.
//   shard.J2. A dry run, and an atomic batch that is refused, change nothing and use no id (shard.Y1).

import type { Ledger } from '../ledger/ledger.js';
import { APPLIED, IGNORED, REPLAY } from '../ledger/result.js';
import { TRIAL_SEQ, Trial } from '../ledger/trial.js';
import { BATCH_MAX, BLOCK_COMMAND_BYTES_MAX, BLOCK_EFFECT_BYTES_MAX } from '../limits.js';
import { CommandBuffer } from '../protocol/command-buffer.js';
import type { CommandView } from '../protocol/command-view.js';
import type { Draft } from '../protocol/draft.js';
import { EVERYTHING, GRANTS_OP, GrantsReader } from '../protocol/grants.js';
import { OP } from '../protocol/layout.js';
import { isBeginning, type RecordCommands } from '../protocol/read-back.js';
import { REFUSALS } from '../protocol/refusals.js';
import { CorruptionError } from '../store/errors.js';
import { Chain } from '../transfer/chain.js';
import type { Outgoing } from '../transfer/messages.js';
import { refitted } from '../transfer/refit.js';
import type { Judged, Said } from './messages.js';
import { Results } from './results.js';

/** Places in a dry run and in an atomic batch. */
const [COMMANDS, AS_OCCURRED] = [3, 4];
const NO_EFFECTS = new Uint8Array(0);

/** What commands came to so far. */
class Judgement extends Results {
  /** Has one been refused? */
  isRefused = false;
  readonly #results: number[] = [];
  readonly #said: Said[] = [];

  protected override add(kind: number, value: number): void {
    this.#results.push(kind, value);
  }

  override refuse(refusal: number): void {
    this.isRefused = true;
    super.refuse(refusal === IGNORED ? REFUSALS.PREPARED.number : refusal);
  }

  override note(ledger: Ledger, result: number, effectsFrom: number): void {
    super.note(ledger, result, effectsFrom);
    if (result === REPLAY && ledger.replay !== null) {
      const { effects, offset } = ledger.replay;
      // One between shards that is not decided may yet be refused: it is not done.
      if (effects.refusalNumber(offset) !== APPLIED || isBeginning(effects, offset))
        this.isRefused = true;
    } else if (result !== APPLIED) this.isRefused = true;
  }

  /** Notes what the command noted last would tell other shards. */
  hear(outbox: readonly Outgoing[]): void {
    for (const out of outbox) {
      if (!('command' in out)) continue;
      const { type } = out.command;
      if (type === 'delivered' || type === 'act') continue;
      const { to, command } = out;
      const buffer = new CommandBuffer(0);
      buffer.append(command, command.id);
      const index = this.#results.length / 2 - 1;
      const isDecision = command.type === 'decision';
      this.#said.push({ index, to, isDecision, bytes: buffer.bytes().slice() });
    }
  }

  /** `effects`: copied here. `commands`: of an act. */
  judged(seq: number, time: number, effects: Uint8Array, commands?: RecordCommands): Judged {
    return {
      type: 'judged',
      results: this.#results,
      seq,
      time,
      effects: effects.slice(),
      commands,
      replayed: this.replayed,
      said: this.#said,
    };
  }
}

/** How many commands were carried out, now or before. */
export const doneOf = ({ seq, results }: Judged): number =>
  seq === TRIAL_SEQ ? 0 : results.length / 2;

/** May a block be so large? */
const isBlock = (count: number, commandBytes: number, effectBytes: number): boolean =>
  count <= BATCH_MAX &&
  commandBytes <= BLOCK_COMMAND_BYTES_MAX &&
  effectBytes <= BLOCK_EFFECT_BYTES_MAX;

/** How commands are tried. */
interface Trying {
  readonly isAtomic: boolean;
  readonly asOccurred: boolean;
}

/** What backdated transfers of a batch have left in lots that are over, expires. */
function expireOver(ledger: Ledger): void {
  for (const [owner, hash] of ledger.over.end()) ledger.settleOwner(owner, hash);
}

export class Trials {
  readonly #ledger: Ledger;
  readonly #chain = new Chain();
  readonly #grants = new GrantsReader();
  #trial: Trial | null = null;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /**
   * A dry run or an atomic batch. `stop`: why no command is carried out now; 0: they are. null: the block being filled has no room for it,
   * and must be ended first.
   */
  judge(query: CommandView, stop: number): Judged | null {
    if (stop !== 0) return this.#refuse(stop);
    const start = query.bytesStart(COMMANDS);
    const commands = query.bytes.slice(start, start + query.bytesLength(COMMANDS));
    const asOccurred = query.count > AS_OCCURRED && query.isTrue(AS_OCCURRED);
    const isAtomic = query.op === OP.atomic;
    return isAtomic ? this.atomic(commands, asOccurred) : this.dryRun(commands, asOccurred);
  }

  /** A refusal of the first of the commands, which is that of all. */
  #refuse(refusal: number): Judged {
    const judgement = new Judgement();
    judgement.refuse(refusal);
    return judgement.judged(TRIAL_SEQ, this.#ledger.time, NO_EFFECTS);
  }

  /** What these commands would come to, one after the other. */
  dryRun(commands: Uint8Array, asOccurred = false): Judged {
    const judgement = new Judgement();
    const draft = this.#try(commands, judgement, { isAtomic: false, asOccurred });
    return judgement.judged(TRIAL_SEQ, this.#ledger.time, draft.effects.bytes(), this.#told(draft));
  }

  /**
   * Carries out all of these commands, or none: then the last one answered is the one that was refused. null: the block
   * being filled has no room for them and must be ended first.
   */
  atomic(commands: Uint8Array, asOccurred = false): Judged | null {
    const judgement = new Judgement();
    const { draft, time } = this.#ledger;
    const tried = this.#try(commands, judgement, { isAtomic: true, asOccurred });
    const { count, commandBytes, effects } = tried;
    if (judgement.isRefused)
      return judgement.judged(TRIAL_SEQ, time, effects.bytes(), this.#told(tried));
    if (!isBlock(count, commandBytes, effects.length))
      return this.#refuse(REFUSALS.BATCH_TOO_LARGE.number);
    const hasRoom = isBlock(
      draft.count + count,
      draft.commandBytes + commandBytes,
      draft.effects.length + effects.length,
    );
    return hasRoom ? this.#carryOut(commands, asOccurred) : null;
  }

  /**
   * Tries the commands, up to the first one that they are too large with; where `isAtomic`, up to the first one that is refused. What was
   * written stays readable until the next one.
   */
  #try(commands: Uint8Array, judgement: Judgement, { isAtomic, asOccurred }: Trying): Draft {
    this.#trial ??= new Trial(this.#ledger.state);
    const trial = this.#trial;
    const { ledger, draft } = trial;
    trial.begin(this.#ledger.time);
    ledger.hasToldPlan = false;
    ledger.definitionsConfirmedUntil = this.#ledger.definitionsConfirmedUntil;
    ledger.secret = this.#ledger.secret;
    ledger.acts = this.#ledger.acts;
    ledger.exhausted.copyFrom(this.#ledger.exhausted);
    ledger.granted = EVERYTHING;
    if (asOccurred) ledger.over.begin();
    try {
      for (let at = 0; at < commands.length; ) {
        let command = ledger.take(commands, at);
        at = command.end;
        if (command.op === GRANTS_OP) {
          const granted = this.#grants.read(command.bytes, command.start, command.end);
          ledger.granted = isAtomic ? granted : granted.readable;
          continue;
        }
        const fitting =
          command.op === OP.decision ? refitted(ledger.state, this.#chain, command) : null;
        if (fitting !== null) command = ledger.take(fitting, 0);
        if (command.op === OP['put-definition']) trial.ownDefinitions();
        if (command.op === OP['define-asset']) trial.ownAssets();
        const forbidden = this.#mayTry(ledger, command, isAtomic);
        if (forbidden !== 0) {
          // Nothing was applied: what the ledger knows of the last one is none of this one's.
          judgement.refuse(forbidden);
          continue;
        }
        const result = ledger.apply(command);
        if (isAtomic && ledger.opened !== null)
          judgement.refuse(REFUSALS.BATCH_ACROSS_SHARDS.number);
        else judgement.note(ledger, result, 0);
        judgement.hear(ledger.outbox.splice(0));
        if (isAtomic && judgement.isRefused) break;
        if (at < commands.length && draft.effects.length > BLOCK_EFFECT_BYTES_MAX) {
          judgement.refuse(REFUSALS.BATCH_TOO_LARGE.number);
          break;
        }
      }
      expireOver(ledger);
    } catch (error) {
      if (error instanceof CorruptionError) throw error;
      process.emitWarning(error as Error);
      this.#trial = null;
      judgement.refuse(REFUSALS.INTERNAL.number);
    } finally {
      ledger.over.end();
      trial.end();
    }
    return draft;
  }

  /** What was tried, where one of it is an act. */
  #told(draft: Draft): RecordCommands | undefined {
    return this.#trial?.ledger.hasToldPlan ? draft.commandsFrom(0) : undefined;
  }

  /** What a dry run tells is something of balances, too; not so of definitions, and of what shards say to each other. */
  #mayTry({ permission, granted }: Ledger, { op }: CommandView, isAtomic: boolean): number {
    const isPhase = op === OP.prepare || op === OP.decision;
    const isReference = op === OP['put-definition'] || op === OP['define-asset'];
    const isOfBalances = !isPhase && !isReference;
    if (isAtomic || !isOfBalances || granted.may('read')) return 0;
    return permission.ofFigures(granted, '', undefined, 'dryRun');
  }

  /** Carries out what was tried a moment ago. A throw out of here has passed the line: the shard must stop. */
  #carryOut(commands: Uint8Array, asOccurred: boolean): Judged {
    const ledger = this.#ledger;
    const { seq, time, effects } = ledger.draft;
    const judgement = new Judgement();
    const from = effects.length;
    const commandsFrom = ledger.draft.commandBytes;
    ledger.hasToldPlan = false;
    ledger.granted = EVERYTHING;
    if (asOccurred) ledger.over.begin();
    for (let at = 0; at < commands.length; ) {
      const command = ledger.take(commands, at);
      at = command.end;
      if (command.op === GRANTS_OP) {
        ledger.granted = this.#grants.read(command.bytes, command.start, command.end);
        continue;
      }
      judgement.note(ledger, ledger.apply(command), from);
      if (judgement.isRefused) throw new Error('J1: refused after it was tried');
    }
    expireOver(ledger);
    const told = ledger.hasToldPlan ? ledger.draft.commandsFrom(commandsFrom) : undefined;
    return judgement.judged(seq, time, effects.bytes(from), told);
  }
}

// One simulated shard: the real actor on a simulated machine, and the way of its clients to it. Owns: its lives.
// Never touches: other shards, clients.
// Methods that are overridden in defects.ts are seams.

import { canonicalState } from '../../engine/ledger/digest.js';
import { Ledger } from '../../engine/ledger/ledger.js';
import type { State } from '../../engine/ledger/state.js';
import { BlockView } from '../../engine/protocol/block.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { Draft } from '../../engine/protocol/draft.js';
import { Actor } from '../../engine/shard/actor.js';
import type { Confirmation, Reply } from '../../engine/shard/messages.js';
import type { Message } from '../../engine/transfer/messages.js';
import { SIM_ACTS } from './act-work.js';
import { Lane } from './lane.js';
import { SimDisk, SimMachine } from './machine.js';
import { type Asker, type Outside, type ShardSettings, sameLines } from './outside.js';
import { SIM_ASSETS } from './work.js';

const TICK_MS = 400;
const assetsSaid = (): Buffer =>
  Buffer.concat(SIM_ASSETS.map((asset) => packCommand(asset, undefined)));

export class SimShard {
  readonly number: number;
  readonly settings: ShardSettings;
  readonly disk = new SimDisk();
  readonly outside: Outside;
  /** Of this life, or of the last one. */
  machine!: SimMachine;
  ledger!: Ledger;
  /** Null: not up. */
  #actor: Actor | null = null;
  #lane: Lane | null = null;
  /** What the state must be after the restart, where nothing was lost. */
  #remembered: string[] | null = null;

  constructor(settings: ShardSettings, outside: Outside) {
    this.settings = settings;
    this.number = settings.shard;
    this.outside = outside;
  }

  get state(): State {
    return this.ledger.state;
  }

  get blocks(): readonly BlockView[] {
    return this.disk.blocks.map((block) => new BlockView(block));
  }

  get isUp(): boolean {
    return this.#actor !== null;
  }

  get isIdle(): boolean {
    const isWritten = this.#actor?.durableSeq === this.disk.blocks.length;
    return isWritten && this.ledger.draft.isEmpty && this.#lane?.isIdle === true;
  }

  /** Another one of this kind, with this one's log and nothing else. */
  twin(outside: Outside): SimShard {
    const Kind = this.constructor as new (settings: ShardSettings, outside: Outside) => SimShard;
    const twin = new Kind(this.settings, outside);
    twin.disk.blocks.push(...this.disk.blocks);
    return twin;
  }

  // --- life ------------------------------------------------------------------------------------------------

  /** From the disk to the state as it was. */
  start(): void {
    this.outside.queue.stir();
    this.#open().catch((error: Error) => this.outside.failed(error));
  }

  async #open(): Promise<void> {
    const machine = new SimMachine(this);
    this.machine = machine;
    this.outside.note('start', this.number, this.disk.blocks.length);
    const lane = new Lane((asker, told) => {
      if (machine.isOn) this.reply(asker, told);
    });
    const actor = await Actor.open({
      ...this.settings,
      folder: '',
      tickMs: TICK_MS,
      acceptClock: false,
      machine,
      bus: {
        send: (to, bytes, count) => {
          if (machine.isOn) this.send({ to, bytes, count });
        },
        receive: () => {},
        close: () => {},
      },
      emit: (event) => {
        if (!machine.isOn) return;
        if (event.type === 'fatal') this.outside.failed(new Error(event.message));
        else if (event.type === 'decided') lane.decided(event.decided);
      },
    });
    if (!machine.isOn) return;
    this.recovered();
    if (this.#remembered !== null)
      sameLines(canonicalState(this.state), this.#remembered, this.number);
    this.#actor = actor;
    this.#lane = lane;
    lane.actor = actor;
    // Assets are healed at every start; of definitions reference.ts takes care.
    if (this.state.assets.list.length < SIM_ASSETS.length)
      actor.submit(assetsSaid(), SIM_ASSETS.length);
  }

  /** For the machine: the ledger of this life. */
  assemble(state: State): Ledger {
    const ledger = new Ledger(state, new Draft(1 << 12, 1 << 13));
    this.ledger = ledger;
    ledger.acts = SIM_ACTS;
    this.arrange(ledger);
    const apply = ledger.apply.bind(ledger);
    ledger.apply = (command) => {
      try {
        const result = apply(command);
        if (!ledger.isReplaying)
          this.outside.note('apply', this.number, ledger.draft.seq, command.op, result);
        return result;
      } catch (error) {
        this.outside.failed(error as Error);
        throw error;
      }
    };
    return ledger;
  }

  /** A ledger is ready, with the state of the last checkpoint. */
  protected arrange(_ledger: Ledger): void {}

  /** The state is what it was. */
  protected recovered(): void {}

  /** A block was handed to the log. */
  sealed(seq: number, block: Uint8Array): void {
    this.outside.note('seal', this.number, seq, block.length);
    this.outside.sealed(this);
  }

  crash(keepsUnsynced: boolean): void {
    const { blocks } = this.disk;
    const { draft } = this.ledger;
    const written = blocks.length;
    this.disk.crash(keepsUnsynced);
    const isWhole = draft.isEmpty && draft.seq === blocks.length + 1;
    if (this.isUp) this.#remembered = isWhole ? canonicalState(this.state) : null;
    else if (blocks.length < written) this.#remembered = null;
    this.machine.isOn = false;
    this.#actor = null;
    this.#lane = null;
    this.outside.note('crash', this.number, written, blocks.length);
  }

  /** Stops in order; calls when that is done. */
  stop(stopped: () => void): void {
    const [actor, machine] = [this.#actor, this.machine];
    this.#actor = null;
    this.#lane = null;
    this.#remembered = null;
    this.outside.note('stop', this.number);
    this.outside.queue.stir();
    actor?.close().then(
      () => {
        if (!machine.isOn) return;
        this.#remembered = canonicalState(this.state);
        machine.isOn = false;
        stopped();
      },
      (error: Error) => this.outside.failed(error),
    );
  }

  // --- what comes in, what goes out ------------------------------------------------------------------------

  request(bytes: Uint8Array, asker: Asker): void {
    this.#lane?.request(bytes, asker);
    this.outside.queue.stir();
  }

  /** Commands that a shard is told, and queries; undefined: it is not up. Never resolves after a crash. */
  ask(bytes: Uint8Array, count: number): Promise<Reply> | undefined {
    this.outside.queue.stir();
    return this.#actor?.submit(bytes, count);
  }

  confirm(confirmation: Confirmation): void {
    this.#actor?.confirmDefinitions(confirmation);
  }

  /** Prepares and decisions of another shard. */
  receive({ bytes, count }: Message): void {
    this.#actor?.receive(bytes, count);
  }

  send(message: Message): void {
    this.outside.send(this.number, message);
    this.outside.crashesAt(this, 'after-sending');
  }

  reply(asker: Asker, told: number): void {
    this.outside.reply(asker, told);
  }
}

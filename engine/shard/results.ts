// What commands came to, as it is told beside their records. Owns: which kind of result an application is. Never touches: state.

import type { Ledger } from '../ledger/ledger.js';
import { APPLIED, REPLAY } from '../ledger/result.js';
import { RESULT, type Replayed } from './messages.js';
import { replayedOf } from './queries.js';

/** The results of commands, in their order. */
export abstract class Results {
  readonly replayed: Replayed[] = [];

  /** The next command came to this: one of RESULT, and the number beside it. */
  protected abstract add(kind: number, value: number): void;

  refuse(refusal: number): void {
    this.add(RESULT.refusal, refusal);
  }

  /** Notes what the ledger has just applied; its record is told from `effectsFrom` on. */
  note(ledger: Ledger, result: number, effectsFrom: number): void {
    if (result === REPLAY && ledger.replay !== null) {
      this.add(RESULT.replay, this.replayed.length);
      this.replayed.push(replayedOf(ledger.replay));
    } else if (result === APPLIED || ledger.hasRecord)
      this.add(RESULT.record, ledger.recordOffset - effectsFrom);
    else this.refuse(result);
  }
}

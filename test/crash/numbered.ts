// A program that carries out numbered commands, and is killed again and again: what was asked and told, over all its lives.
// Owns: its lives, and that what was told does not change. Never touches: what the commands are.
//   A number has the same command in every life, so that the test can ask for it again when the program is gone.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Said } from './lines.js';
import { Program } from './program.js';
import { Contradiction } from './told.js';

/** Where it is killed: at a name of engine/shard/crash-points.ts, perhaps with `:n`, or so long after it was ready. */
export type KillAt = { readonly crashPoint: string } | { readonly afterMs: number };

export class Numbered {
  readonly #program: string;
  /** All numbers below have been asked. */
  asked = 0;
  /** By number. */
  readonly outcomes = new Map<number, string>();

  /** `program`: a file whose first argument is a folder, and whose second one is the number to begin with. */
  constructor(program: string) {
    this.#program = program;
  }

  /** One life, to its end. Throws where it ends otherwise, or contradicts itself. */
  async live(folder: string, at: KillAt, ...more: string[]): Promise<void> {
    const env = 'crashPoint' in at ? { ...process.env, JIFEN_CRASH_POINT: at.crashPoint } : {};
    const args = [folder, `${this.asked}`, ...more];
    const program = new Program({ ...process.env, ...env }, this.#program, args);
    program.listen((said) => this.#hear(said));
    if ('afterMs' in at) {
      await program.next('ready');
      await Promise.race([sleep(at.afterMs), program.ended]);
      program.kill();
    }
    const { code, signal, stderr } = await program.ended;
    program.assertHeard();
    if (signal !== 'SIGKILL')
      throw new Contradiction(`it ended by itself with ${code ?? signal}: ${stderr}`);
  }

  #hear(said: Said): void {
    if (said.say === 'asked') this.asked = Math.max(this.asked, said.n + 1);
    else if (said.say === 'told') this.tell(said.n, said.what);
    else if (said.say === 'failed') throw new Contradiction(said.what);
  }

  /** What became of a command, as far as somebody knows it. */
  tell(n: number, what: string): void {
    const before = this.outcomes.get(n) ?? what;
    if (before !== what) throw new Contradiction(`${n} was ${before}, and then ${what}`);
    this.outcomes.set(n, what);
  }
}

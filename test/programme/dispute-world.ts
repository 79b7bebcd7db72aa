// Disputes in memory. Owns: one between two platforms, how what came of an act is told. Never touches: what may be done with one.

import type { Command } from '../../engine/protocol/commands.js';
import { CoalitionWorld } from './coalition-world.js';

const OWNER = '#disputes:main:c000001';
/** Two lines between a and b, one each way. */
export const LINES = [
  { ours: true, asset: 'beta', owed: 1_000, disputed: 400 },
  { ours: false, asset: 'alpha', owed: 90, disputed: 90 },
];

/** A coalition in memory whose platforms a and b dispute what cycle 1 says. */
export class Court extends CoalitionWorld {
  #acts = 0;

  asks(act: string, body: object, id = `d${++this.#acts}`): string {
    const command = { type: 'act', id, owner: OWNER, act: `dispute-${act}`, body };
    const outcome = this.do(command as unknown as Command);
    if (!outcome.ok) return outcome.code;
    return (outcome.act?.effects ?? []).map(({ type, state }) => `${type} ${state}`).join();
  }

  opens(more: object = {}, id?: string): string {
    const of = { coalition: 'main', by: 'a', other: 'b', cycle: 1, since: this.time };
    return this.asks('open', { dispute: 'd', ...of, lines: LINES, reason: 'why', ...more }, id);
  }

  answers(more: object = {}, id?: string): string {
    return this.asks('answer', { dispute: 'd', party: 'b', answer: 'so', ...more }, id);
  }

  ends(end: string, more: object = {}, id?: string): string {
    return this.asks('end', { dispute: 'd', end, decision: 'so', ...more }, id);
  }

  /** What is between both, in beta and alpha. */
  get clears(): string {
    const of = (platform: string, asset: string) => this.has(`@clearing:${platform}`, asset);
    return [of('a', 'beta'), of('b', 'beta'), of('a', 'alpha'), of('b', 'alpha')].join(' ');
  }
}

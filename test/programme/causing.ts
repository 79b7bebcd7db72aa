// Test acts that cause acts, three deep. Owns: them. Never touches: the ledger.

import { type Act, act, type FollowUp, type UndoneFollowUp } from '../../engine/programme/act.js';
import { words } from '../../engine/protocol/definition-fields.js';

/** One without lots, which simulated shards have. */
export const ASSET = 'coin';

/** What a body says, as JSON. */
export interface Wish {
  readonly legs?: readonly {
    readonly from: string;
    readonly to: string;
    readonly amount: number;
  }[];
  readonly causes?: readonly { readonly owner: string; readonly wish: Wish }[];
  /** An earlier act of the same owner, which is given back. */
  readonly reverses?: string;
  /** What the undoing of a part undoes; left out: the act does not say. */
  readonly undoes?: readonly UndoneFollowUp[];
}

/** From the one that a caller asks for to the last that may be caused. */
export const NAMES = ['first', 'second', 'third', 'fourth'] as const;

/** A wish as the body of an act. */
export const bodyOf = (wish: Wish): { readonly wish: string } => ({ wish: JSON.stringify(wish) });

const wishIn = (body: unknown): Wish =>
  JSON.parse((body as { readonly wish: string }).wish) as Wish;

const causing = (name: string, next: string | undefined): Act =>
  act({
    name,
    version: 2,
    about: 'Causes what it is told.',
    body: { wish: words(2_000) },
    causes: next === undefined ? [] : [next],
    isCausedOnly: name === NAMES[3],
    needs: ['earn'],
    refusals: [],
    decide(_, body) {
      const { legs = [], causes = [], reverses } = wishIn(body);
      const followUps = causes.map(
        ({ owner, wish }): FollowUp => ({ owner, act: next ?? 'nothing', body: bodyOf(wish) }),
      );
      return {
        legs: legs.map((leg) => ({ ...leg, asset: ASSET })),
        followUps,
        ...(reverses === undefined ? {} : { reversal: { transferId: reverses } }),
        effects: [{ type: name }],
        why: {},
      };
    },
    undo(_, { body, followUps, amounts, now, before }) {
      const { undoes } = wishIn(body);
      const isWhole = amounts.every((all, leg) => all === now[leg]! + before[leg]!);
      const more = undoes === undefined || isWhole ? {} : { undoes };
      return { effects: [{ type: 'undone', of: followUps.length }], why: {}, ...more };
    },
  }) as unknown as Act;

export const ACTS: ReadonlyMap<string, Act> = new Map(
  NAMES.map((name, i) => [name, causing(name, NAMES[i + 1])]),
);

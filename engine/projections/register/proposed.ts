// Corrections that wait for a second person, by what acts say. Owns: which are proposed, and which wait no more. Never touches: whether one is agreed to.

import type { Proposal } from '../../protocol/register.js';

/** The act by which a balance is corrected. */
export const ADJUST = 'adjust';
const [AWAITS, WITHDRAWN] = ['awaitSecond', 'withdrawProposal'];

interface Decided {
  readonly effects?: unknown;
  readonly why?: unknown;
}

interface Said {
  readonly owner: string;
  readonly id: string;
  readonly body: unknown;
  readonly time: number;
}

interface Told {
  readonly type: string;
  readonly case?: string;
  readonly asset?: string;
  readonly until?: number;
}

/** By case: what is proposed; null: it waits no more. */
export function proposedBy(
  { effects = [], why = {} }: Decided,
  { owner, id, body, time: at }: Said,
): readonly (readonly [string, Proposal | null])[] {
  const { correction, give = 0, take = 0, reason, operator } = body as Partial<Proposal>;
  const { by, case: agreed, proposed } = why as Partial<Proposal> & { readonly proposed?: object };
  if (proposed !== undefined && agreed !== undefined) return [[agreed, null]];
  return (effects as readonly Told[]).flatMap((one): [string, Proposal | null][] => {
    if (one.case === undefined) return [];
    if (one.type === WITHDRAWN) return [[one.case, null]];
    if (one.type !== AWAITS) return [];
    const { asset = '', until = 0, case: of } = one;
    const said = { correction: correction ?? '', reason: reason ?? '', operator: operator ?? '' };
    const proposal = { owner, case: of, id, ...said, give, take, asset, by: by ?? null, at, until };
    return [[of, proposal]];
  });
}

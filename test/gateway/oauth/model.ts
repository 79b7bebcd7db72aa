// What may become of a grant: a model of its code and tokens, one call at a time, and which of its states explain what was seen of calls at once, some of
// which nobody knows the outcome of. Owns: that. Never touches: servers.

/** A call on one grant. */
export type Call =
  /** The code, by its client. */
  | { readonly is: 'exchange' }
  /** The code, with a wrong verifier or by another client. */
  | { readonly is: 'misuse' }
  | { readonly is: 'refresh'; readonly token: string }
  /** By another client. */
  | { readonly is: 'stolen'; readonly token: string }
  | { readonly is: 'revoke refresh'; readonly token: string }
  | { readonly is: 'revoke access'; readonly token: string };

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

/** What was seen of a call: `undefined`: there was no answer. */
export interface Seen {
  readonly call: Call;
  readonly outcome: Tokens | 'refused' | 'done' | undefined;
}

export interface State {
  readonly used: boolean;
  readonly ended: boolean;
  readonly current: string;
  readonly before: { readonly token: string; readonly access: string } | null;
  readonly access: readonly string[];
}

export const NEW: State = { used: false, ended: false, current: '', before: null, access: [] };

type After = readonly [state: State, outcome: Tokens | 'refused' | 'done'];

const ENDED: State = { used: true, ended: true, current: '', before: null, access: [] };

/** What a call makes of a state; `made`: the tokens that it would give. */
function after(state: State, call: Call, made: Tokens, repeats: boolean): After {
  const { used, ended, current, before, access } = state;
  switch (call.is) {
    case 'exchange':
      if (ended || used) return [ended ? state : ENDED, 'refused'];
      return [{ ...state, used: true, current: made.refresh, access: [made.access] }, made];
    case 'misuse':
      return [used && !ended ? ENDED : state, 'refused'];
    case 'stolen':
      return [state, 'refused'];
    case 'revoke refresh':
      return [ENDED, 'done'];
    case 'revoke access':
      return [{ ...state, access: access.filter((one) => one !== call.token) }, 'done'];
    case 'refresh': {
      if (ended) return [state, 'refused'];
      const isRepeat = before?.token === call.token && repeats;
      if (call.token !== current && !isRepeat) return [ENDED, 'refused'];
      const left = isRepeat && call.token !== current ? before?.access : undefined;
      const next = {
        ...state,
        current: made.refresh,
        before: { token: call.token, access: made.access },
        access: [...access.filter((one) => one !== left), made.access],
      };
      return [next, made];
    }
  }
}

let lost = 0;

/** Every state that calls at once may have led to, in any order, as they were seen. */
export function explained(
  states: readonly State[],
  seen: readonly Seen[],
  repeats: readonly boolean[],
): readonly State[] {
  const found = new Map<string, State>();
  const visit = (state: State, left: readonly Seen[]): void => {
    if (left.length === 0) {
      found.set(JSON.stringify(state), state);
      return;
    }
    for (const [i, { call, outcome }] of left.entries()) {
      const rest = left.filter((_, at) => at !== i);
      // It was not carried out.
      if (outcome === undefined) visit(state, rest);
      lost++;
      const unknown = { access: `?a${lost}`, refresh: `?r${lost}` };
      const made = typeof outcome === 'object' ? outcome : unknown;
      for (const may of repeats) {
        const [next, came] = after(state, call, made, may);
        const isSame = typeof came === 'object' ? came === outcome : came === outcome;
        if (isSame || outcome === undefined) visit(next, rest);
      }
    }
  };
  for (const state of states) visit(state, seen);
  return [...found.values()];
}

/** Those states in which exactly these of the known tokens are good. */
export const agreeing = (
  states: readonly State[],
  known: readonly string[],
  active: ReadonlySet<string>,
): readonly State[] =>
  states.filter(({ ended, current, access }) =>
    known.every(
      (token) => active.has(token) === (!ended && (token === current || access.includes(token))),
    ),
  );

// Partners as Prometheus reads them. Owns: the names of the figures and what they mean. Never touches: where they come from.

import type { GuardedPartner } from './guarded.js';

/** A partner, and who asks it. */
export interface PartnerFigures {
  readonly platform: string;
  readonly guarded: GuardedPartner;
  /** Milliseconds since 1970. */
  readonly now: number;
}

type Labels = Readonly<Record<string, string>>;
interface Value {
  readonly labels: Labels;
  readonly value: number;
}

const family = (
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  of: (partner: PartnerFigures) => readonly { readonly labels?: Labels; readonly value: number }[],
) => ({
  ...{ name, type, help },
  values: (partners: readonly PartnerFigures[]): Value[] =>
    partners.flatMap((partner) =>
      of(partner).map(({ labels, value }) => ({
        labels: { partner: partner.platform, ...labels },
        value,
      })),
    ),
});

/** One value of a partner that is asked; none of one that is not. */
const ofAsked =
  (of: (figures: NonNullable<GuardedPartner['figures']>, now: number) => number) =>
  ({ guarded, now }: PartnerFigures) =>
    guarded.figures === undefined ? [] : [{ value: of(guarded.figures, now) }];

export const PARTNER_FAMILIES = [
  family(
    'jifen_partner_calls_total',
    'counter',
    'Calls of partners outside, by what came of them; `unknown`: no answer that can be read; `not_asked`: it is down, busy or in maintenance.',
    ({ guarded }) =>
      [...guarded.calls].flatMap(([call, { outcomes }]) =>
        [...outcomes].map(([outcome, value]) => ({ labels: { call, outcome }, value })),
      ),
  ),
  family(
    'jifen_partner_call_seconds_total',
    'counter',
    'How long calls that were asked have taken, together.',
    ({ guarded }) =>
      [...guarded.calls].map(([call, { ms }]) => ({ labels: { call }, value: ms / 1_000 })),
  ),
  family(
    'jifen_partner_in_flight',
    'gauge',
    'Calls that are under way, or about to be.',
    ({ guarded }) => [{ value: guarded.inFlight }],
  ),
  family(
    'jifen_partner_halted',
    'gauge',
    'Is it asked nothing: in maintenance, or as its token cannot be opened?',
    ({ guarded }) => [{ value: guarded.figures === undefined ? 1 : 0 }],
  ),
  family(
    'jifen_partner_breaker',
    'gauge',
    '0: it is asked; 1: it is tried again; 2: it is down.',
    ofAsked(({ state }) => ['closed', 'half_open', 'open'].indexOf(state)),
  ),
  family(
    'jifen_partner_down_seconds',
    'gauge',
    'How long it has not answered; 0: it answers.',
    ofAsked(({ since }, now) => (since === undefined ? 0 : Math.max(0, now - since) / 1_000)),
  ),
];

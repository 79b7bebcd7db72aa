// The desk's figures as Prometheus reads them. Owns: their names and labels. Never touches: where they come from.

/** By code: how often marks have stopped something since the start; undefined: the ledger is not open. */
type Figures = ReadonlyMap<string, number> | undefined;

export const RISK_FAMILIES = [
  {
    name: 'jifen_risk_stopped_total',
    type: 'counter',
    help: 'Commands that marks of risk, or a new device, have stopped, by refusal.',
    values: (figures: Figures) =>
      [...(figures ?? [])].map(([code, value]) => ({ labels: { code }, value })),
  },
] as const;

// The OAuth server's figures as Prometheus reads them. Owns: their names and labels. Never touches: where they come from.

import type { OAuthFigures } from './server.js';

const byName = (counts: ReadonlyMap<string, number>, label: string) =>
  [...counts].map(([name, value]) => ({ labels: { [label]: name }, value }));

/** What is asked for at a scrape; undefined: the ledger is not open. */
type Figures = OAuthFigures | undefined;

export const OAUTH_FAMILIES = [
  {
    name: 'jifen_oauth_tokens_total',
    type: 'counter',
    help: 'Answers of /token with tokens, by grant type.',
    values: (figures: Figures) => (figures ? byName(figures.issued, 'grant_type') : []),
  },
  {
    name: 'jifen_oauth_refused_total',
    type: 'counter',
    help: 'Refusals of /token, by error.',
    values: (figures: Figures) => (figures ? byName(figures.refused, 'error') : []),
  },
  {
    name: 'jifen_oauth_reused_total',
    type: 'counter',
    help: 'Codes and refresh tokens that were shown again after they were used: what came of them was ended.',
    values: (figures: Figures) => (figures ? [{ labels: {}, value: figures.reused }] : []),
  },
  {
    name: 'jifen_oauth_ended_total',
    type: 'counter',
    help: 'Sessions and grants of applications that were ended before their time.',
    values: (figures: Figures) => (figures ? [{ labels: {}, value: figures.ended }] : []),
  },
] as const;

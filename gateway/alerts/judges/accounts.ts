// Accounts that the continuous audit finds wrong. Owns: how its findings are causes. Never touches: how accounts are recomputed (engine/recount).
//   alerts.J3. After a restart what was wrong is wrong until it was recomputed.

import type { Engine, NamedAccount, RecountFinding } from '../../../engine/index.js';
import type { Alert, Evidence, Found, Judge } from '../shapes.js';

const SUBJECT = /^shard\/(\d+)\/(.+)\/([a-z0-9_]+)$/;
const KINDS = { BALANCE_MISMATCH: 'mismatch', NEGATIVE_ACCOUNT: 'negative' } as const;
const NONE: Found = { causes: [] };

const subjectOf = ({ shard, owner, asset }: NamedAccount): string =>
  `shard/${shard}/${owner}/${asset}`;

/** The account that an alert is about; undefined: of none. */
export function accountOf({ subject }: Pick<Alert, 'subject'>): NamedAccount | undefined {
  const [, shard, owner, asset] = SUBJECT.exec(subject) ?? [];
  if (owner === undefined || asset === undefined) return undefined;
  return { shard: Number(shard), owner, asset };
}

export const accounts = (engine: Pick<Engine, 'recount'>): readonly Judge[] =>
  (['BALANCE_MISMATCH', 'NEGATIVE_ACCOUNT'] as const).map((rule) => ({
    rule,
    of: 'node',
    look: async () => {
      const { figures } = engine.recount;
      if (figures === undefined) return NONE;
      const unknown: string[] = [];
      const causes = figures.findings.flatMap((finding: RecountFinding) => {
        if (!finding.isKnown) unknown.push(subjectOf(finding));
        return finding.problems
          .filter(({ kind }) => kind === KINDS[rule])
          .map(({ what, figures: more = {} }) => {
            const { shard, owner, asset } = finding;
            const evidence: Evidence = {
              shard,
              owner,
              asset,
              ...(what !== '' && { what }),
              ...more,
            };
            return { subject: subjectOf(finding), evidence };
          });
      });
      return { causes, unknown };
    },
  }));

// A member is marked as a risk: by a rule (engine/risk), or by an operator.

import { AMOUNT_MAX, RISK_EVIDENCE_LENGTH_MAX } from '../../limits.js';
import { json, words } from '../../protocol/definition-fields.js';
import { asset, id, optional, time, whole } from '../../protocol/fields.js';
import { type Mark, RISK_ACTIONS, RISK_KINDS, type RiskKind } from '../../protocol/risk.js';
import { act } from '../act.js';
import { wordOf } from '../outside/body.js';
import { marked, marksIn, marksRecord, quietIn, RISK_MARK } from '../risk/marks.js';

/** Thousandths. */
const SCORE_MAX = 1_000;
const REASON = /^[A-Z][A-Z0-9_]{0,31}$/;
const VERSION_MAX = 1_000_000_000;

const reasonField = () =>
  json<string>(
    { type: 'string', pattern: REASON.source },
    (value) => typeof value === 'string' && REASON.test(value),
    'Why, as a word: IP_MULTI_ACCOUNT.',
    'ACT_BODY_INVALID',
  );
const kindsField = () =>
  json<readonly RiskKind[]>(
    {
      type: 'array',
      items: { type: 'string', enum: RISK_KINDS },
      minItems: 1,
      maxItems: RISK_KINDS.length,
      uniqueItems: true,
    },
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((kind) => RISK_KINDS.includes(kind)),
    'What it stops; left out: all of these.',
    'ACT_BODY_INVALID',
  );

export const riskMark = act({
  name: RISK_MARK,
  version: 1,
  about:
    'A member is marked as a risk: what takes points of it is refused, reviewed or asked a second factor for while the mark is there; or nothing is.',
  body: {
    /** Its name: the key of the rule, or what an operator calls it. Said again, it renews the mark. */
    mark: id('ACT_BODY_INVALID'),
    reason: reasonField(),
    /** `mark` stops nothing. */
    action: wordOf(RISK_ACTIONS, 'What it does; `mark` stops nothing.'),
    /** Until when, in milliseconds since 1970; left out: until it is lifted. */
    until: optional(time('ACT_BODY_INVALID')),
    kinds: optional(kindsField()),
    /** Only this asset; left out: all. */
    asset: optional(asset()),
    over: optional(
      whole(0, AMOUNT_MAX, 'ACT_BODY_INVALID', 'Only what takes more minor units than this.'),
    ),
    /** The version of the rule that has found it; left out: it is no rule's. */
    version: optional(whole(1, VERSION_MAX, 'ACT_BODY_INVALID')),
    score: optional(whole(0, SCORE_MAX, 'ACT_BODY_INVALID', 'How great the risk is, of 1,000.')),
    evidence: optional(
      words(
        RISK_EVIDENCE_LENGTH_MAX,
        'What was seen: figures and digests, no address and nothing personal.',
        'ACT_BODY_INVALID',
      ),
    ),
  },
  needs: ['freeze'],
  isOfWhole: true,
  refusals: ['ACT_BODY_INVALID', 'RISK_LIMIT'],

  decide(see, { until = null, ...said }, { time: now, principal }) {
    if (until !== null && until <= now) return { refusal: 'ACT_BODY_INVALID' };
    const kept = marksIn(see);
    const quiet = quietIn(kept, now)[said.mark];
    // Who has lifted it said that its rule is not heard for a while.
    if (said.version !== undefined && quiet !== undefined)
      return { legs: [], effects: [], why: { mark: said.mark, quiet } };
    const by = principal ?? 'engine';
    const given = Object.fromEntries(Object.entries(said).filter(([, one]) => one !== undefined));
    const one = { ...given, until, at: now, seen: now, by, count: 1 } as unknown as Mark;
    const after = marked(kept, one, now);
    if (after === undefined) return { refusal: 'RISK_LIMIT' };
    const { mark, displaced } = after;
    const told = { type: 'riskMarked', ...JSON.parse(JSON.stringify(mark)) };
    const gone =
      displaced === undefined
        ? []
        : [{ type: 'riskLifted', mark: displaced.mark, at: now, by, cause: 'displaced' }];
    return {
      legs: [],
      records: [marksRecord(after.kept)],
      effects: [told, ...gone],
      why: { mark: mark.mark, version: mark.version ?? null },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});

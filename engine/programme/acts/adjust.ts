// An operator corrects a balance, within a definition, with a reason; a large one is proposed, and made by who agrees to it.
//   adjust.E1. Who proposes and who agrees have shown different credentials: what they call themselves does not count.
//   adjust.E2. What is made is what was proposed, under the same version of the correction, while the proposal counts.
//   adjust.E3. Who only agrees (`agrees`) proposes nothing: of two who agree at once one does, and the other's word starts nothing anew.

import { AMOUNT_MAX, APPROVAL_MS } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { flag, id, optional, whole } from '../../protocol/fields.js';
import { act, type Effect, type Json, type RecordDelta } from '../act.js';
import { correction } from '../definitions/index.js';
import { recordType, STAYS } from '../record-type.js';

const REASON_LENGTH_MAX = 200;
const most = (about: string) => whole(0, AMOUNT_MAX, 'AMOUNT_INVALID', about);

/** The record of a correction that waits for a second person, by its case. */
const PROPOSAL = recordType('proposal', STAYS);
const AWAITS = 'awaitSecond';

/** A correction that was proposed. */
interface Proposal {
  readonly [name: string]: Json;
  readonly correction: string;
  readonly version: number;
  readonly give: number;
  readonly take: number;
  /** Who has proposed it, by the credentials shown. */
  readonly by: string;
  readonly operator: string;
  readonly reason: string;
  /** From then on it counts no more. */
  readonly until: number;
}

const gone = (key: string): RecordDelta => ({ type: PROPOSAL, key, value: null });

const isSame = (one: Proposal, other: Proposal): boolean =>
  one.correction === other.correction && one.give === other.give && one.take === other.take;

export const adjust = act({
  name: 'adjust',
  version: 2,
  about:
    'An operator gives points, or takes them, within what a correction allows; a large one takes two credentials, under one case.',
  body: {
    /** The key of the correction that allows it. */
    correction: id('ACT_BODY_INVALID'),
    /** Minor units that the member gets; beside `take`: 0. */
    give: optional(most('Minor units that the member gets.')),
    /** Minor units that the member loses. */
    take: optional(most('Minor units that the member loses.')),
    reason: words(REASON_LENGTH_MAX, 'Why, for whoever asks later.', 'ACT_BODY_INVALID'),
    /** What who asks calls himself: for the record alone. */
    operator: id('ACT_BODY_INVALID'),
    /** Under what two people agree on it: the same for both. */
    case: optional(id('ACT_BODY_INVALID')),
    /** Only agrees: where nothing waits under the case any more, it is refused, and proposes nothing. */
    agrees: flag(false),
  },
  needs: ['adjust'],
  or: 'correct',
  refusals: [
    'DEFINITION_NOT_FOUND',
    'AMOUNT_INVALID',
    'CORRECTION_TOO_LARGE',
    'ASSET_UNKNOWN',
    'APPROVAL_REQUIRED',
    'PROPOSAL_DIFFERS',
    'POINTS_SHORT',
  ],

  decide(see, body, { owner, time, principal }) {
    const { correction: key, give = 0, take = 0, reason, operator, case: agreed, agrees } = body;
    const defined = see.definition(correction, key);
    if (defined === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    if (give > 0 === take > 0) return { refusal: 'AMOUNT_INVALID' };
    const { version, document } = defined;
    const { asset, mostUp, mostDown, secondFrom } = document;
    const amount = Math.max(give, take);
    if (give > mostUp || take > mostDown) return { refusal: 'CORRECTION_TOO_LARGE' };
    if (see.account(asset) === undefined) return { refusal: 'ASSET_UNKNOWN' };
    const [from, to] = give > 0 ? ['@adjust', owner] : [owner, '@adjust'];
    const effects = [{ type: give > 0 ? 'addPoints' : 'deductPoints', asset, amount }];
    const legs = [{ from, to, asset, amount }];
    const by = principal ?? null;
    const why = { correction: key, version, reason, operator, by, case: agreed ?? null };
    const before = agreed === undefined ? undefined : see.record<Proposal>(PROPOSAL, agreed);
    const isOver = before === undefined || before.until <= time || before.version !== version;
    if (agrees === true && isOver) return { refusal: 'PROPOSAL_DIFFERS' };
    if (secondFrom === undefined || amount < secondFrom) return { legs, effects, why };
    if (agreed === undefined || principal === undefined) return { refusal: 'APPROVAL_REQUIRED' };
    const until = time + APPROVAL_MS;
    const own = { correction: key, version, give, take, by: principal, operator, reason, until };
    if (isOver)
      return {
        legs: [],
        assets: [asset],
        records: [{ type: PROPOSAL, key: agreed, value: own }],
        effects: [{ type: AWAITS, case: agreed, asset, amount, until }],
        why,
      };
    if (!isSame(before, own)) return { refusal: 'PROPOSAL_DIFFERS' };
    if (before.by === principal) return { refusal: 'APPROVAL_REQUIRED' };
    const proposed = { by: before.by, operator: before.operator, reason: before.reason };
    return { legs, records: [gone(agreed)], effects, why: { ...why, proposed } };
  },

  /** Of one that still waits: it is withdrawn. */
  undo(see, { body, effects }) {
    const { correction: key, case: agreed = '' } = body as {
      readonly correction: string;
      readonly case?: string;
    };
    const awaits = effects.find(({ type }: Effect) => type === AWAITS);
    const isWaiting =
      awaits !== undefined && see.record<Proposal>(PROPOSAL, agreed)?.until === awaits['until'];
    return {
      records: isWaiting ? [gone(agreed)] : [],
      effects: isWaiting ? [{ type: 'withdrawProposal', case: agreed }] : [],
      why: { correction: key },
    };
  },
});

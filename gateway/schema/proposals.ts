// Commands that two people agree on: what is asked and answered about them. Owns: these schemas and texts. Never touches: what is kept of them.

import { CALLER_ACTS, type CommandType, limits, type RefusalCode } from '../../engine/index.js';
import { actRefusals } from './acts.js';
import { actFields, strict, typedBody } from './commands.js';
import { command, type Description, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { fits, Id, line, NAME, NewId, oneOf, REFUSED, Time, text, whole } from './words.js';

const { Optional } = Type;

/** What can be proposed: what has an id and is carried out by itself. */
export const PROPOSED = [
  'transfer',
  'reverse',
  'confirm-pending',
  'extend-lots',
  'freeze-account',
  'unfreeze-account',
  'close-account',
  'reopen-account',
  'set-credit-limit',
  'act',
] as const satisfies readonly CommandType[];

/** Of a command that is carried out, whichever it is. */
const REFUSALS: readonly RefusalCode[] = [
  ...PROPOSED.flatMap(command),
  ...[...CALLER_ACTS.values()].flatMap(actRefusals),
];

const ACTS = [...CALLER_ACTS.values()].map(({ name, body }) =>
  typedBody('act', { act: Type.Literal(name), body: strict(actFields(body)) }),
);

const Reason = line(limits.ACCOUNT_REASON_LENGTH_MAX, {
  description: `Why, for whoever asks later: 1 to ${limits.ACCOUNT_REASON_LENGTH_MAX} characters.`,
});
const Principal = Type.String({ description: 'By the credentials shown.' });

export const ProposalBody = strict(
  {
    id: Optional(NewId),
    command: Type.Union(
      PROPOSED.flatMap((type) => (type === 'act' ? ACTS : [typedBody(type)])),
      {
        description: `What is to be done: its type (${PROPOSED.join(', ')}) and fields, and no id: that is the proposal’s.`,
      },
    ),
    reason: Reason,
  },
  { [NAME]: 'NewProposal' },
);
export const RejectionBody = strict({ reason: Optional(Reason) }, { [NAME]: 'Rejection' });

const State = oneOf(['open', 'agreed', 'rejected'], {
  description: '`agreed`: it was carried out, or is being carried out.',
});
export const ProposalAnswer = answer('Proposal', {
  id: Id,
  command: Type.Record(Type.String(), Type.Unknown(), {
    description: 'What is to be done. Its id is the proposal’s.',
  }),
  reason: Type.String(),
  by: Principal,
  at: Time,
  until: whole(0, limits.TIME_MAX_MS, { description: 'From then on nobody can agree to it.' }),
  state: State,
  second: Optional(
    Type.Object(
      { by: Principal, at: Time, reason: Optional(Type.String()) },
      { description: 'Who has agreed to it, or rejected it.' },
    ),
  ),
  outcome: Optional(
    Type.String({
      description:
        '`ok`, or the code of a refusal that is final. Left out: it was not carried out, or what came of it is not known yet: agree again.',
    }),
  ),
});
const Proposals = answer('Proposals', { proposals: Type.Array(ProposalAnswer) });

const PATH = {
  proposal: text(`(?!\\.{1,2}$)[A-Za-z0-9._:@/+=~-]{1,${limits.ID_LENGTH_MAX}}`, {
    [REFUSED]: 'PROPOSAL_NOT_FOUND',
    description: 'By what the proposal is known.',
  }),
};
/** Can a proposal be known by it? */
export const isProposalId = fits(PATH.proposal);
const MISSING = [...SHARDS, 'PROPOSAL_NOT_FOUND'] as const;

/** What the documents say of the routes of proposals. */
export const PROPOSAL_DESCRIPTIONS: Readonly<
  Record<'propose' | 'list' | 'read' | 'agree' | 'reject', Description>
> = {
  propose: {
    tag: 'operations',
    summary: 'Propose a command that another person is to agree to.',
    details:
      'For who may do it, or may with another person’s agreement (`seconded` of a role). It is tried first: what would be refused now cannot be proposed. Asked for again under its id, the same proposal is told.',
    body: ProposalBody,
    takesKey: true,
    answers: { 201: { summary: 'It waits for another person.', schema: ProposalAnswer } },
    refusals: [...REFUSALS, 'ID_REUSED', 'CHANGED_MEANWHILE'],
  },
  list: {
    tag: 'operations',
    summary: 'Proposals, the newest first.',
    details: 'Those that have ended are told for 90 days (`proposalKeptDays`).',
    query: Type.Object({ state: Optional(State) }),
    answers: { 200: { summary: 'The proposals.', schema: Proposals } },
    refusals: SHARDS,
  },
  read: {
    tag: 'operations',
    summary: 'A proposal.',
    path: PATH,
    answers: { 200: { summary: 'The proposal.', schema: ProposalAnswer } },
    refusals: MISSING,
  },
  agree: {
    tag: 'operations',
    summary: 'Agree to a proposal of another person: it is carried out.',
    details:
      'Under the proposal’s id, once; who agrees must be able to do it, too, and must have shown other credentials than who proposed it (`APPROVAL_REQUIRED`). Asked for again, what is not through goes on.',
    path: PATH,
    answers: { 200: { summary: 'What came of it.', schema: ProposalAnswer } },
    refusals: [...REFUSALS, ...MISSING, 'PROPOSAL_OVER', 'APPROVAL_REQUIRED', 'CHANGED_MEANWHILE'],
  },
  reject: {
    tag: 'operations',
    summary: 'Reject a proposal, or take back one’s own.',
    path: PATH,
    body: RejectionBody,
    answers: { 200: { summary: 'It was rejected.', schema: ProposalAnswer } },
    refusals: [...REFUSALS, ...MISSING, 'PROPOSAL_OVER', 'CHANGED_MEANWHILE'],
  },
};

// What waits for a second person is agreed to, or turned down. Owns: by which call that is done, for each kind of it. Never touches: who may (the ledger judges), lists.

import type { ComponentChildren, JSX } from 'preact';
import type { Operation } from '../../../../../../engine/protocol/grants.js';
import {
  type getV1Approvals,
  type getV1Proposals,
  postV1AccountsByOwnerTransfersByIdReverse,
  postV1ActsAdjust,
  postV1PartnerExchangesByExchangeApprove,
  postV1ProposalsByProposalAgree,
  postV1ProposalsByProposalReject,
  postV1ReviewsByReviewAgree,
  postV1ReviewsByReviewReject,
  putV1DefinitionsByKindByKey,
} from '../../../../../web/page/api/operations.js';
import type { AnswerOf, AnyOperation, Asked } from '../../../../../web/page/calls/operation.js';
import { who } from '../../../../../web/page/shell/app.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { table } from '../../../../../web/page/words/words.js';
import { ActionDialog } from '../../../ui/acting/action-dialog.js';
import { idOf } from './adjust.js';

const t = speaker(
  table({
    en: {
      agreeTitle: 'Agree to it',
      agree: 'Agree',
      rejectTitle: 'Reject it',
      reject: 'Reject',
      withdrawTitle: 'Take it back',
      withdraw: 'Take back',
      agreed: 'Agreed: it is done.',
      refused: 'Agreed, but the ledger refused it: {code}.',
      underWay: 'Agreed: it is being carried out.',
      rejected: 'It is not done.',
    },
    zh: {
      agreeTitle: '同意',
      agree: '同意',
      rejectTitle: '驳回',
      reject: '驳回',
      withdrawTitle: '撤回',
      withdraw: '撤回',
      agreed: '已同意并执行。',
      refused: '已同意，但账本拒绝执行：{code}。',
      underWay: '已同意，正在执行。',
      rejected: '未执行。',
    },
  }),
);

export type Approval = AnswerOf<typeof getV1Approvals>['approvals'][number];
export type Proposal = AnswerOf<typeof getV1Proposals>['proposals'][number];
/** Something that waits: a command that was proposed, or anything else. */
export type Waiting = { readonly proposal: Proposal } | { readonly approval: Approval };
export type Verb = 'agree' | 'reject' | 'withdraw';
export const verbWord = (verb: Verb): string => t(verb);

/** Who has proposed it. */
export const proposer = (one: Waiting): string | undefined =>
  ('proposal' in one ? one.proposal.by : one.approval.by) ?? undefined;

/** What it takes to decide it, as far as that is known here; undefined: anybody may try. */
export function decidingNeeds(one: Waiting): readonly Operation[] | undefined {
  if ('proposal' in one) return undefined;
  const { type } = one.approval;
  if (type === 'review') return ['freeze'];
  if (type === 'rate') return ['settle', 'configure', 'admin'];
  return type === 'definition' ? ['configure', 'settle', 'admin'] : ['correct', 'adjust'];
}

/** What can be done with it: what one has proposed oneself can only be taken back. */
export function verbsOf(one: Waiting, isOwn: boolean): readonly Verb[] {
  if ('proposal' in one) return isOwn ? ['withdraw'] : ['agree', 'reject'];
  const { type } = one.approval;
  if (type === 'adjustment') return isOwn ? ['withdraw'] : ['agree', 'reject'];
  if (type === 'partner-exchange' || type === 'review') return isOwn ? [] : ['agree', 'reject'];
  // A draft stays what it is until somebody says something else.
  return isOwn ? [] : ['agree'];
}

interface Call<Op extends AnyOperation> {
  readonly operation: Op;
  readonly asked: (reason: string) => Asked<Op> | undefined;
  readonly done?: (answer: AnswerOf<Op>) => ComponentChildren;
}

interface DecideProps {
  readonly one: Waiting;
  readonly verb: Verb;
  readonly onClose: () => void;
  /** What it is. */
  readonly children: ComponentChildren;
}

/** The dialog in which it is decided. */
export function Decide(props: DecideProps): JSX.Element {
  const { one, verb } = props;
  if ('proposal' in one) return <DecideProposal {...props} proposal={one.proposal} />;
  const { approval } = one;
  if (approval.type === 'adjustment')
    return verb === 'agree' ? (
      <AgreeToAdjustment {...props} approval={approval} />
    ) : (
      <RejectAdjustment {...props} approval={approval} />
    );
  if (approval.type === 'partner-exchange')
    return <DecideExchange {...props} approval={approval} />;
  if (approval.type === 'review') return <DecideReview {...props} approval={approval} />;
  return <AgreeToDefinition {...props} approval={approval} />;
}

function Deciding<Op extends AnyOperation>({
  verb,
  operation,
  asked,
  done,
  onClose,
  children,
}: DecideProps & Call<Op>): JSX.Element {
  return (
    <ActionDialog
      title={t(`${verb}Title`)}
      operation={operation}
      asked={asked}
      yes={t(verb)}
      reason={verb === 'agree' ? 'none' : 'optional'}
      isDanger={verb !== 'agree'}
      done={done ?? (() => t(verb === 'agree' ? 'agreed' : 'rejected'))}
      onClose={onClose}
    >
      {children}
    </ActionDialog>
  );
}

function DecideProposal(props: DecideProps & { proposal: Proposal }): JSX.Element {
  const path = { proposal: props.proposal.id };
  if (props.verb !== 'agree')
    return (
      <Deciding
        {...props}
        operation={postV1ProposalsByProposalReject}
        asked={(reason) => ({ path, body: reason === '' ? {} : { reason } })}
      />
    );
  return (
    <Deciding
      {...props}
      operation={postV1ProposalsByProposalAgree}
      asked={() => ({ path })}
      done={({ outcome }) => {
        if (outcome === undefined) return t('underWay');
        return outcome === 'ok' ? t('agreed') : t('refused', { code: outcome });
      }}
    />
  );
}

type OfApproval = DecideProps & { readonly approval: Approval };

/** By the same correction, under the same case. */
function AgreeToAdjustment({ approval, ...props }: OfApproval): JSX.Element {
  const { owner, correction, give = 0, take = 0, reason = '' } = approval;
  return (
    <Deciding
      {...props}
      operation={postV1ActsAdjust}
      asked={() => {
        if (owner === undefined || correction === undefined || approval.case === undefined)
          return undefined;
        const body = {
          correction,
          reason,
          operator: idOf(who.peek()),
          case: approval.case,
          agrees: true,
        };
        return { body: { owner, body: { ...body, ...(give > 0 ? { give } : { take }) } } };
      }}
    />
  );
}

/** The act that proposed it is taken back. */
const RejectAdjustment = ({ approval, ...props }: OfApproval): JSX.Element => (
  <Deciding
    {...props}
    operation={postV1AccountsByOwnerTransfersByIdReverse}
    asked={(reason) => {
      const { owner, id } = approval;
      if (owner === undefined || id === undefined) return undefined;
      return { path: { owner, id }, body: reason === '' ? {} : { memo: reason } };
    }}
  />
);

const DecideExchange = ({ approval, ...props }: OfApproval): JSX.Element => (
  <Deciding
    {...props}
    operation={postV1PartnerExchangesByExchangeApprove}
    asked={(reason) => {
      const { owner, exchange } = approval;
      if (owner === undefined || exchange === undefined) return undefined;
      const rejects = props.verb !== 'agree';
      const why = rejects && reason !== '' ? { reason } : {};
      return { path: { exchange }, body: { owner, ...(rejects && { rejects }), ...why } };
    }}
  />
);

function DecideReview({ approval, ...props }: OfApproval): JSX.Element {
  const { review = '' } = approval;
  const path = { review };
  if (props.verb !== 'agree')
    return (
      <Deciding
        {...props}
        operation={postV1ReviewsByReviewReject}
        asked={(reason) => ({ path, body: reason === '' ? {} : { reason } })}
      />
    );
  return (
    <Deciding
      {...props}
      operation={postV1ReviewsByReviewAgree}
      asked={() => ({ path })}
      done={({ outcome }) => {
        if (outcome === undefined) return t('underWay');
        return outcome === 'ok' ? t('agreed') : t('refused', { code: outcome });
      }}
    />
  );
}

/** By saying the same as active, over the draft that was seen. */
function AgreeToDefinition({ approval, ...props }: OfApproval): JSX.Element {
  const { kind, key, document, version } = approval;
  type Body = Asked<typeof putV1DefinitionsByKindByKey>['body'];
  return (
    <Deciding
      {...props}
      operation={putV1DefinitionsByKindByKey}
      asked={() => {
        if (kind === undefined || key === undefined || version === undefined) return undefined;
        const said = document === undefined ? { state: 'retired' } : { state: 'active', document };
        return { path: { kind, key }, body: { ...said, ifVersion: version } as Body };
      }}
    />
  );
}

// Where a member stands in a programme, as several parts of screens show it. Owns: the one question for it. Never touches: how it is shown.

import { getV1MembersByOwner } from '../../../../web/page/api/operations.js';
import type { AnswerOf, CodeOf } from '../../../../web/page/calls/operation.js';
import { type Known, useAnswer } from '../../../../web/page/shell/answers.js';
import { owner } from '../../shell/app.js';

export type Standing = AnswerOf<typeof getV1MembersByOwner>;

export function useStanding(
  programme: string,
): Known<Standing, CodeOf<typeof getV1MembersByOwner>> {
  const of = owner.value;
  return useAnswer(
    getV1MembersByOwner,
    of === '' ? undefined : { path: { owner: of }, query: { programme } },
  );
}

// How a rule or a task pays: out of what, and from when on the points are available. Owns: those fields. Never touches: how much.

import { budget, oneOf } from '../../protocol/definition-fields.js';
import { flag, optional, type TypeOf, whole } from '../../protocol/fields.js';

/** Days for which points may be pending. */
const DAYS_MAX = 3_650;

/** What is paid of what a budget has not all of. */
export const EXHAUSTED = ['nothing', 'less'] as const;

export const PAYING = {
  /** Who pays. Left out: points are issued. */
  budget: optional(budget()),
  exhausted: optional(
    oneOf(
      EXHAUSTED,
      'Where the budget has not all of it: nothing is paid, or less, which is what is left of it. Left out: nothing.',
    ),
  ),
  pendingDays: optional(
    whole(
      1,
      DAYS_MAX,
      'DEFINITION_INVALID',
      'The points are pending for so many days after the event, or until they are confirmed: earned, and not available. Left out: they are available at once.',
    ),
  ),
  /** The points are pending until they are confirmed, whenever that is. */
  pendingToConfirm: flag(false),
};

/** Is anything said of how points are paid? */
export const isPaying = (document: TypeOf<typeof PAYING>): boolean =>
  Object.keys(PAYING).some((name) => document[name as keyof typeof PAYING] !== undefined);

/** What is wrong with them. */
export function payingProblem({
  budget,
  exhausted,
  pendingDays,
  pendingToConfirm,
  expiresAfterDays,
}: TypeOf<typeof PAYING> & { readonly expiresAfterDays?: number | undefined }): {
  field: string;
  detail: string;
} | null {
  if (exhausted !== undefined && budget === undefined)
    return { field: 'exhausted', detail: 'exhausted is of a budget.' };
  if (pendingDays !== undefined && pendingToConfirm === true)
    return { field: 'pendingDays', detail: 'Points are pending for days, or until confirmed.' };
  if (
    pendingDays !== undefined &&
    expiresAfterDays !== undefined &&
    pendingDays >= expiresAfterDays
  )
    return { field: 'pendingDays', detail: 'The points would expire while they are pending.' };
  return null;
}

// What a notice to members says, in one language: of a platform, or of all that have no text of their own.

import { words } from '../../protocol/definition-fields.js';
import { optional } from '../../protocol/fields.js';
import { fillProblem, NOTICE_NAMES, noticeOfKey } from '../../protocol/member-notices.js';
import { APPROVALS } from './approval.js';
import { kind } from './kind.js';

const SUBJECT_LENGTH_MAX = 200;
const TEXT_LENGTH_MAX = 4_000;
const SHORT_LENGTH_MAX = 500;

const PARTS = ['subject', 'text', 'short'] as const;

/** The parts of a notice, each with its text. */
export type NoticeWords = Readonly<Record<(typeof PARTS)[number], string>>;
/** Those of them that somebody has said. */
export type NoticeParts = Partial<NoticeWords>;

export const notice = kind({
  name: 'notice',
  about:
    'What a notice to members says. Its key is `<notice>.<language>`, or `<platform>.<notice>.<language>`; in its texts `{name}` is filled in.',
  decides: APPROVALS,
  shows: {
    subject: optional(words(SUBJECT_LENGTH_MAX, 'The subject of a mail: one line.')),
    text: optional(words(TEXT_LENGTH_MAX, 'The text of a mail: plain text.')),
    short: optional(words(SHORT_LENGTH_MAX, 'The text of a short message.')),
  },
  check: (document, key) => {
    const of = noticeOfKey(key);
    if (of === undefined)
      return {
        field: '',
        detail: `The key names a notice and its language, such as points.expiring.zh. Notices are: ${NOTICE_NAMES.join(', ')}; languages zh and en.`,
      };
    const parts = document as NoticeParts;
    if (PARTS.every((part) => parts[part] === undefined))
      return { field: 'text', detail: 'One of subject, text and short is said.' };
    for (const part of PARTS) {
      const detail = fillProblem(of.notice, parts[part] ?? '');
      if (detail !== undefined) return { field: part, detail: `${part}: ${detail}` };
    }
    return /\p{Cc}/u.test(parts.subject ?? '')
      ? { field: 'subject', detail: 'subject is one line, without control characters.' }
      : null;
  },
});

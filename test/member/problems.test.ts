// Refusals as the page tells them: every code that the calls which it makes may be answered has words in both languages, or stands here as one that needs none.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { hasWords, PASSING, problemText } from '../../gateway/member/page/words/problems.js';
import { documentOf } from '../../gateway/web/make-api.js';
import { LANGUAGES } from '../../gateway/web/page/words/words.js';
import { ROOT } from '../setup.js';

const PAGE = join(ROOT, 'gateway/member/page');

/**
 * What a member meets only where the page itself asks wrongly, or is asked with another one's credentials than its own: the general sentence, with the code to be told
 * to whoever helps.
 */
const OF_THE_PAGE = new Set(
  `ACT_BODY_INVALID ACT_UNKNOWN ASSET_INVALID ASSET_UNKNOWN BATCH_ABORTED BATCH_ACROSS_SHARDS BATCH_TOO_LARGE BODY_INVALID
  BODY_TOO_LARGE CAPTURE_EXCEEDS_HOLD COMMAND_INVALID CREDENTIALS_CONFLICT CURSOR_INVALID DEADLINE_PAST DEFINITION_KEY_INVALID
  EVENT_ATTRIBUTE_INVALID EVENT_LINES_INVALID EVENT_TIME_INVALID FOLLOW_UP_NUMBER_INVALID FRAMING_INVALID HOLD_CLOSED
  HOLD_NOT_FOUND IDEMPOTENCY_KEY_REUSED ID_INVALID ID_TOO_LONG KIND_INVALID MEDIA_TYPE_UNSUPPORTED MEMO_INVALID METADATA_INVALID
  METADATA_TOO_LARGE PAST_TOO_FAR PENDING_PAST PLATFORM_DISABLED PLATFORM_UNKNOWN QUERY_INVALID REF_INVALID SIGNATURE_INVALID
  SIGNATURE_MISSING SIGNATURE_REPLAYED TOKEN_EXPIRED TOKEN_INVALID TOKEN_MISSING ORIGIN_FORBIDDEN`.split(
    /\s+/,
  ),
);

/** The text of all modules of the page. */
function sources(folder = PAGE): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'api')
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(path);
      return /\.tsx?$/.test(entry.name) ? readFileSync(path, 'utf8') : '';
    })
    .join('\n');
}

interface Told {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, any>>;
}

/** Codes of a call, by what the document says of it. */
const codesOf = ({ responses }: Told): string[] =>
  Object.values(responses).flatMap(
    ({ content }) =>
      content?.['application/problem+json']?.schema.properties?.code?.enum ?? ([] as string[]),
  );

const text = sources();
const called = Object.values(documentOf().paths)
  .flatMap((methods) => Object.values(methods) as unknown as Told[])
  .filter(({ operationId }) => new RegExp(`\\b${operationId}\\b`).test(text));
const codes = new Set(called.flatMap(codesOf));

t.test('every code of the calls that the page makes is told in words', async (t) => {
  t.ok(called.length > 30, 'calls that the page makes are found');
  t.ok(codes.size > 100);
  for (const code of [...codes].sort()) {
    const kinds = [hasWords(code), PASSING.has(code), OF_THE_PAGE.has(code)];
    t.equal(kinds.filter(Boolean).length, 1, `${code}: words, or passing, or of the page`);
  }
  for (const code of OF_THE_PAGE) t.notOk(hasWords(code) || PASSING.has(code), code);
});

t.test(
  'a code that nobody has thought of is told with itself, and never as if it were done',
  async (t) => {
    for (const language of LANGUAGES) {
      t.match(problemText(language, { code: 'NEVER_HEARD', status: 422 }), /NEVER_HEARD/);
      t.equal(
        problemText(language, { code: 'NEVER_HEARD', status: 503 }),
        problemText(language, { code: 'SHARD_BUSY', status: 503 }),
      );
      for (const code of codes) {
        const told = problemText(language, { code, status: 422 });
        t.ok(told.length > 3 && !/[{}]/.test(told), `${language} ${code}: ${told}`);
      }
    }
  },
);

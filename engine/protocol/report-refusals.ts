// What is refused of reports and of what analysts ask, over HTTP alone. Owns: a part of the catalogue (refusals.ts).

import { transient } from './refusal.js';

export const REPORTS = {
  REPORTS_OFF: transient(
    351,
    503,
    'There are no reports here: what they take is not installed, or not wanted.',
    true,
  ),
  ANSWER_TOO_LARGE: transient(
    352,
    422,
    'The answer takes more rows, time or memory than it may: ask for less.',
  ),
  SQL_INVALID: transient(353, 422, 'The SQL cannot be answered.'),
  REPORT_NOT_FOUND: transient(354, 404, 'There is no report of this name.'),
  REPORT_SCHEDULE_NOT_FOUND: transient(355, 404, 'There is no schedule of this name.'),
  REPORT_SCHEDULE_INVALID: transient(
    356,
    422,
    'What is said of the schedule does not go together.',
  ),
  REPORT_FILE_NOT_FOUND: transient(
    357,
    404,
    'There is no such file here any more, or it is on another node.',
  ),
};

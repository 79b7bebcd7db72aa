// What is refused of alerts, over HTTP alone. Owns: a part of the catalogue (refusals.ts).

import { transient } from './refusal.js';

export const ALERTS = {
  ALERT_NOT_FOUND: transient(380, 404, 'There is no alert of this id.'),
  ALERT_RULE_NOT_FOUND: transient(381, 404, 'There is no rule of this name.'),
  ALERT_INVALID: transient(382, 422, 'What is said of the rule or the silence cannot be.'),
  SILENCE_NOT_FOUND: transient(383, 404, 'There is no silence of this id, or it is over.'),
  SILENCE_LIMIT: transient(384, 422, 'There are too many silences.'),
};

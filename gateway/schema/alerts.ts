// Alerts outside: what is asked and answered, what their routes say of themselves. Owns: these schemas and texts. Never touches: what is kept.

import type { RefusalCode } from '../../engine/index.js';
import { defaultsOf, RULES } from '../alerts/rules.js';
import {
  ALERT_STATES,
  REASON_LENGTH_MAX,
  RULE_NAMES,
  SEVERITIES,
  SUBJECT_LENGTH_MAX,
} from '../alerts/shapes.js';
import { strict } from './commands.js';
import { described } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { Count, fits, line, NAME, oneOf, Time, text, whole } from './words.js';

const { Optional } = Type;
const DAY_MS = 86_400_000;

const Rule = oneOf(RULE_NAMES, { [NAME]: 'AlertRuleName' });
const Severity = oneOf(SEVERITIES, { [NAME]: 'AlertSeverity' });
const AlertId = text('al_[0-9a-f]{24}', {
  description: 'The id of an alert: `al_` and 24 letters.',
});
const SilenceId = text('si_[0-9a-f]{16}', {
  description: 'The id of a silence: `si_` and 16 letters.',
});
const RuleInPath = text('[A-Z_]{1,40}', { description: 'The name of a rule.' });
export const isAlertId = fits(AlertId);
export const isSilenceId = fits(SilenceId);
const Words = Type.Object({ zh: Type.String(), en: Type.String() });
const Reason = line(REASON_LENGTH_MAX, {
  description: `Why: a text of one line, of 1 to ${REASON_LENGTH_MAX} characters.`,
});
const Figure = whole(0, Number.MAX_SAFE_INTEGER);

const SETTINGS = {
  state: Optional(oneOf(['active', 'off'])),
  severity: Optional(Severity),
  threshold: Optional(Figure),
  minimum: Optional(Figure),
  windowMs: Optional(Figure),
  clearMs: Optional(
    whole(0, DAY_MS, {
      description: 'How long it must not be so any more until it is resolved by itself.',
    }),
  ),
  repeatMs: Optional(
    whole(0, 31 * DAY_MS, { description: 'It is told again so often while it is so; 0: once.' }),
  ),
};

export const RuleBody = strict(
  { ...SETTINGS, ifVersion: Optional(Count) },
  { [NAME]: 'NewAlertRule' },
);
export const SilenceBody = strict(
  {
    rule: Optional(Rule),
    subject: Optional(
      line(SUBJECT_LENGTH_MAX, {
        description: 'The subject of alerts; with * at its end all that begin so. Left out: all.',
      }),
    ),
    until: Time,
    reason: Reason,
  },
  { [NAME]: 'NewSilence' },
);
export const ResolveBody = strict({ reason: Optional(Reason) }, { [NAME]: 'AlertResolution' });

// --- what is answered --------------------------------------------------------------------------------------------------

const AlertAnswer = answer('Alert', {
  id: AlertId,
  rule: Rule,
  subject: Type.String({ description: 'What it is about: one alert for each of a rule.' }),
  node: Type.String({ description: 'Which node has found it; empty: there is one.' }),
  severity: Severity,
  state: oneOf(ALERT_STATES),
  since: Time,
  lastAt: Time,
  count: Count,
  firings: Type.Integer({ minimum: 1, description: 'How often it has begun.' }),
  evidence: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  text: Words,
  resolvedAt: Optional(Time),
  resolvedBy: Optional(Type.String({ description: 'Left out: it is over by itself.' })),
  reason: Optional(Type.String()),
  isStillSo: Optional(
    Type.Boolean({ description: 'It was resolved by hand, and was not over since.' }),
  ),
  silence: Optional(SilenceId),
  toldAt: Optional(Time),
});
export const ALERTS_PAGE_MAX = 200;
const Cursor = text('[0-9]{15}\\.al_[0-9a-f]{24}', {
  description: 'The cursor of the page before.',
});
const AlertsAnswer = answer('Alerts', {
  alerts: Type.Array(AlertAnswer, { description: 'The newest first.' }),
  cursor: Optional(Cursor),
});
const Setting = Type.Object({
  name: oneOf(['threshold', 'minimum', 'windowMs']),
  from: Type.Number(),
  to: Type.Number(),
  about: Words,
});
const RuleAnswer = answer('AlertRule', {
  rule: Rule,
  version: Type.Integer({ minimum: 0, description: '0: nobody has said it.' }),
  about: Words,
  ...SETTINGS,
  settings: Type.Array(Setting, { description: 'What else may be set, from where to where.' }),
  by: Optional(Type.String()),
  updatedAt: Optional(Time),
});
const RulesAnswer = answer('AlertRules', { rules: Type.Array(RuleAnswer) });
const SilenceAnswer = answer('Silence', {
  id: SilenceId,
  rule: Optional(Rule),
  subject: Optional(Type.String()),
  reason: Type.String(),
  by: Optional(Type.String()),
  createdAt: Time,
  until: Time,
});
const SilencesAnswer = answer('Silences', { silences: Type.Array(SilenceAnswer) });

// --- what routes say ---------------------------------------------------------------------------------------------------

const about = described('alerts');
const SAID: readonly RefusalCode[] = ['ALERT_RULE_NOT_FOUND', 'ALERT_INVALID', 'CHANGED_MEANWHILE'];
const LISTED = RULE_NAMES.map((name) => {
  const { threshold, minimum, windowMs } = defaultsOf(name);
  const settings = Object.entries({ threshold, minimum, windowMs }).filter(
    ([, value]) => value !== undefined,
  );
  const figures = settings.map(([key, value]) => `\`${key}\` ${value}`).join(', ');
  return `* \`${name}\`: ${RULES[name].about.en}${figures === '' ? '' : ` ${figures}.`}`;
}).join('\n');

const PATHS = { alert: AlertId, rule: RuleInPath, silence: SilenceId };

export const ALERT_DESCRIPTIONS = {
  list: {
    ...about('Alerts, the newest first.', 200, AlertsAnswer),
    query: Type.Object({
      state: Optional(oneOf(['open', ...ALERT_STATES])),
      rule: Optional(Rule),
      severity: Optional(Severity),
      subject: Optional(line(SUBJECT_LENGTH_MAX)),
      cursor: Optional(Cursor),
      limit: Optional(whole(1, ALERTS_PAGE_MAX)),
    }),
    details:
      'One for each cause: a rule and a subject. `state=open`: those that are firing or silenced. What is over is kept for `alertDays`.',
  },
  get: {
    ...about('An alert.', 200, AlertAnswer, ['ALERT_NOT_FOUND']),
    path: { alert: PATHS.alert },
  },
  resolve: {
    ...about(
      'Say that an alert is over.',
      200,
      AlertAnswer,
      ['ALERT_NOT_FOUND', 'CHANGED_MEANWHILE'],
      ResolveBody,
    ),
    path: { alert: PATHS.alert },
    details:
      'What is so still is not told anew before it was over once. To hear nothing of what goes on: a silence.',
  },
  rules: {
    ...about('The rules by which alerts are raised.', 200, RulesAnswer),
    details: LISTED,
  },
  rule: {
    ...about('A rule.', 200, RuleAnswer, ['ALERT_RULE_NOT_FOUND']),
    path: { rule: PATHS.rule },
  },
  putRule: {
    ...about('Say a rule.', 200, RuleAnswer, SAID, RuleBody),
    path: { rule: PATHS.rule },
    details:
      'What is left out is as the rule says it by itself. `ifVersion`: over this version alone. It counts from the next look on.',
  },
  resetRule: {
    ...about('Have a rule as it is by itself.', 200, RuleAnswer, ['ALERT_RULE_NOT_FOUND']),
    path: { rule: PATHS.rule },
  },
  silences: about('Silences that hold.', 200, SilencesAnswer),
  addSilence: {
    ...about(
      'Tell nobody of some alerts, until a time.',
      201,
      SilenceAnswer,
      ['ALERT_INVALID', 'SILENCE_LIMIT', 'CHANGED_MEANWHILE'],
      SilenceBody,
    ),
    details:
      'Alerts go on being kept. Of those that are so still when it ends is told then. It is at most a year long.',
  },
  endSilence: {
    ...about('End a silence.', 200, SilenceAnswer, ['SILENCE_NOT_FOUND']),
    path: { silence: PATHS.silence },
  },
};

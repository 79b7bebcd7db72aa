// Routes of alerts, of the rules by which they are raised, and of silences. Owns: their paths and answers. Never touches: what is judged, what is told.

import {
  ALERTS,
  addSilence,
  endSilence,
  findAlert,
  type NewSilence,
  resolveAlert,
  SAID_RULES,
  SILENCES,
  sayRule,
  settingsOf,
} from '../../alerts/records.js';
import { isRuleName, RULES, type Setting } from '../../alerts/rules.js';
import {
  type Alert,
  RULE_NAMES,
  type RuleName,
  type RuleSettings,
  type SaidRule,
} from '../../alerts/shapes.js';
import { VIEWERS, whole } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, refuse } from '../../refusal.js';
import {
  type Call,
  count,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import {
  ALERT_DESCRIPTIONS,
  isAlertId,
  isSilenceId,
  ResolveBody,
  RuleBody,
  SilenceBody,
} from '../../schema/alerts.js';
import { bodyReader } from '../../schema/check.js';
import { OK } from './submit.js';

const ALERT = '/v1/alerts/{alert}';
const RULE = '/v1/alert-rules/{rule}';
const SILENCE = '/v1/silences/{silence}';
const CREATED = 201;
const PAGE_DEFAULT = 50;
const TIME_DIGITS = 15;
const readRule = bodyReader(RuleBody);
const readSilence = bodyReader(SilenceBody);
const readResolve = bodyReader(ResolveBody);

/** The routes of alerts. */
export function alertRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [...ofAlerts(ledger, limits), ...ofRules(ledger), ...ofSilences(ledger, limits)];
}

const OURS = { access: whole('configure'), module: 'operations' } as const;
const LOOKS = { access: VIEWERS, module: 'operations', method: 'GET' } as const;

const shown = ({ tells: _, ...alert }: Alert): object => alert;

/** Alerts in their order: the newest first. */
const orderOf = ({ since, id }: Pick<Alert, 'since' | 'id'>): string =>
  `${String(since).padStart(TIME_DIGITS, '0')}.${id}`;

function ofAlerts(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      ...LOOKS,
      path: '/v1/alerts',
      describes: ALERT_DESCRIPTIONS.list,
      handle: (call) => list(ledger, call),
    },
    {
      ...LOOKS,
      path: ALERT,
      describes: ALERT_DESCRIPTIONS.get,
      handle: async ({ path: [id = ''] }) => {
        if (!isAlertId(id)) return problem(refuse('ALERT_NOT_FOUND', 'alert'));
        const found = await findAlert(engineOf(ledger), id);
        return isRefusal(found) ? problem(found) : json(OK, shown(found));
      },
    },
    {
      ...OURS,
      method: 'POST',
      path: `${ALERT}/resolve`,
      body: 'optional',
      describes: ALERT_DESCRIPTIONS.resolve,
      handle: async (call) => {
        const body = readResolve(call.body === undefined ? {} : call.body);
        if (isRefusal(body)) return problem(body);
        const [id = ''] = call.path;
        if (!isAlertId(id)) return problem(refuse('ALERT_NOT_FOUND', 'alert'));
        const now = engineOf(ledger).now();
        const by = { now, who: call.principal.principal, reason: body.reason };
        const made = await resolveAlert(recordsOf(ledger, call), id, limits, by);
        return isRefusal(made) ? problem(made) : json(OK, shown(made), { alert: id });
      },
    },
  ];
}

async function list(ledger: ServedLedger, { query }: Call): Promise<Answer> {
  const { state, rule, severity, subject, cursor } = query;
  const all = await ALERTS.all(engineOf(ledger));
  if (isRefusal(all)) return problem(all);
  const isIn = (one: Alert): boolean =>
    (state === undefined || (state === 'open' ? one.state !== 'resolved' : one.state === state)) &&
    (rule === undefined || one.rule === rule) &&
    (severity === undefined || one.severity === severity) &&
    (subject === undefined || one.subject.startsWith(subject)) &&
    (cursor === undefined || orderOf(one) < cursor);
  const found = all.map((one) => one.read()).filter(isIn);
  found.sort((one, other) => (orderOf(one) < orderOf(other) ? 1 : -1));
  const page = found.slice(0, count(query, 'limit') ?? PAGE_DEFAULT);
  const last = page.at(-1);
  const isMore = last !== undefined && found.length > page.length;
  return json(OK, {
    alerts: page.map(shown),
    ...(isMore && { cursor: orderOf(last) }),
  });
}

// --- rules -------------------------------------------------------------------------------------------------------------

function shownRule(rule: RuleName, version: number, said: SaidRule | undefined): object {
  const { about, settings } = RULES[rule];
  const known = (['threshold', 'minimum', 'windowMs'] as const).flatMap((name) => {
    const setting: Setting | undefined = settings[name];
    return setting === undefined
      ? []
      : [{ name, from: setting.from, to: setting.to, about: setting.about }];
  });
  return {
    ...{ rule, version, about, ...settingsOf(rule, said), settings: known },
    ...(said && { by: said.by, updatedAt: said.updatedAt }),
  };
}

async function ruleAnswer(ledger: ServedLedger, rule: string): Promise<Answer> {
  if (!isRuleName(rule)) return problem(refuse('ALERT_RULE_NOT_FOUND', 'rule'));
  const found = await SAID_RULES.get(engineOf(ledger), rule);
  if (isRefusal(found)) return problem(found);
  return json(OK, shownRule(rule, found?.version ?? 0, found?.read()), { rule });
}

function ofRules(ledger: ServedLedger): Route[] {
  return [
    {
      ...LOOKS,
      path: '/v1/alert-rules',
      describes: ALERT_DESCRIPTIONS.rules,
      handle: async () => {
        const all = await SAID_RULES.all(engineOf(ledger));
        if (isRefusal(all)) return problem(all);
        const said = new Map(all.map((one) => [one.key, one]));
        const rules = RULE_NAMES.map((name) => {
          const one = said.get(name);
          return shownRule(name, one?.version ?? 0, one?.read());
        });
        return json(OK, { rules });
      },
    },
    {
      ...LOOKS,
      path: RULE,
      describes: ALERT_DESCRIPTIONS.rule,
      handle: ({ path: [rule = ''] }) => ruleAnswer(ledger, rule),
    },
    {
      ...OURS,
      method: 'PUT',
      path: RULE,
      body: 'required',
      describes: ALERT_DESCRIPTIONS.putRule,
      handle: async (call) => {
        const body = readRule(call.body);
        if (isRefusal(body)) return problem(body);
        const { ifVersion, ...said } = body as Partial<RuleSettings> & { ifVersion?: number };
        const [rule = ''] = call.path;
        const now = engineOf(ledger).now();
        const by = { now, by: call.principal.principal, ifVersion };
        const refused = await sayRule(recordsOf(ledger, call), rule, said, by);
        if (refused !== undefined) return problem(refused);
        ledger.alerts?.hurry();
        return ruleAnswer(ledger, rule);
      },
    },
    {
      ...OURS,
      method: 'DELETE',
      path: RULE,
      describes: ALERT_DESCRIPTIONS.resetRule,
      handle: async (call) => {
        const [rule = ''] = call.path;
        if (!isRuleName(rule)) return problem(refuse('ALERT_RULE_NOT_FOUND', 'rule'));
        const refused = await SAID_RULES.delete(recordsOf(ledger, call), rule);
        if (refused !== undefined) return problem(refused);
        ledger.alerts?.hurry();
        return ruleAnswer(ledger, rule);
      },
    },
  ];
}

// --- silences ----------------------------------------------------------------------------------------------------------

function ofSilences(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      ...LOOKS,
      path: '/v1/silences',
      describes: ALERT_DESCRIPTIONS.silences,
      handle: async () => {
        const all = await SILENCES.all(engineOf(ledger));
        if (isRefusal(all)) return problem(all);
        const silences = all.map((one) => one.read());
        silences.sort((one, other) => one.until - other.until);
        return json(OK, { silences });
      },
    },
    {
      ...OURS,
      method: 'POST',
      path: '/v1/silences',
      body: 'required',
      describes: ALERT_DESCRIPTIONS.addSilence,
      handle: async (call) => {
        const body = readSilence(call.body);
        if (isRefusal(body)) return problem(body);
        const by = { now: engineOf(ledger).now(), by: call.principal.principal };
        const made = await addSilence(recordsOf(ledger, call), body as NewSilence, limits, by);
        if (isRefusal(made)) return problem(made);
        ledger.alerts?.hurry();
        return json(CREATED, made, { silence: made.id });
      },
    },
    {
      ...OURS,
      method: 'DELETE',
      path: SILENCE,
      describes: ALERT_DESCRIPTIONS.endSilence,
      handle: async (call) => {
        const [id = ''] = call.path;
        if (!isSilenceId(id)) return problem(refuse('SILENCE_NOT_FOUND', 'silence'));
        const ended = await endSilence(recordsOf(ledger, call), id);
        if (isRefusal(ended)) return problem(ended);
        ledger.alerts?.hurry();
        return json(OK, ended, { silence: id });
      },
    },
  ];
}

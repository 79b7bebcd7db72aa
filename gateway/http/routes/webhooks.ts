// Routes of webhooks. Owns: their paths and answers. Never touches: what is kept of them, what is sent.
//   http.H60. A webhook of somebody else is not found, whatever is asked of it.

import { randomBytes } from 'node:crypto';
import { either } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import type { Question } from '../../outbound/messages.js';
import type { ReceiverFigures } from '../../outbound/receiver.js';
import {
  addWebhook,
  changeWebhook,
  findWebhook,
  ownWebhooks,
  pauseWebhook,
  removeWebhook,
  replayWebhook,
  rotateWebhook,
  type StoredWebhook,
  shown,
  type WebhookParts,
  type WebhookWithSecret,
} from '../../outbound/webhooks.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, recordsOf, type ServedLedger } from '../../route.js';
import { fullBody } from '../../schema/check.js';
import { WEBHOOK_DESCRIPTIONS } from '../../schema/webhooks.js';
import {
  answerOf,
  attemptAnswer,
  attemptsRoute,
  letterRoutes,
  outboundOf,
  pauseRoutes,
  type ReceiverRoutes,
} from './outbox.js';

const WEBHOOK = '/v1/webhooks/{webhook}';
const SALT_BYTES = 4;
const OURS = { access: either('read', 'view'), module: 'webhooks' } as const;

function madeBy(ledger: ServedLedger, limits: GatewayLimits, call: Call): WebhookParts {
  const { sealer, directory, outbound } = outboundOf(ledger);
  return {
    ledger: recordsOf(ledger, call),
    ...{ sealer, limits, destinations: outbound.destinations, principal: call.principal },
    now: engineOf(ledger).now(),
    shards: engineOf(ledger).shards,
    isPlatform: (id) => directory.platform(id) !== undefined,
  };
}

const idOf = ({ path }: Call): string => path[0] ?? '';

/** Tells what was made of a webhook, once it counts here. */
async function changed(ledger: ServedLedger, made: Refusal | StoredWebhook): Promise<Answer> {
  if (isRefusal(made)) return problem(made);
  await outboundOf(ledger).outbound.refresh();
  return json(200, shown(made), { webhook: made.id });
}

// The secret is in the answer, and not in what is written down of it.
async function secretAnswer(
  ledger: ServedLedger,
  status: number,
  made: Refusal | WebhookWithSecret,
): Promise<Answer> {
  if (isRefusal(made)) return problem(made);
  await outboundOf(ledger).outbound.refresh();
  return json(status, { ...made.webhook, secret: made.secret }, { webhook: made.webhook.id });
}

type Webhooks = ReceiverRoutes<StoredWebhook>;

/** The routes of webhooks. */
export function webhookRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const of = receivers(ledger, limits);
  return [
    ...registrationRoutes(ledger, limits, of),
    ...pauseRoutes(of),
    ...changeRoutes(ledger, limits),
    testRoute(of),
    attemptsRoute(of),
    ...letterRoutes(of),
  ];
}

/** A caller's own. */
const receivers = (ledger: ServedLedger, limits: GatewayLimits): Webhooks => ({
  path: WEBHOOK,
  ours: OURS,
  describes: WEBHOOK_DESCRIPTIONS,
  trail: ({ id }) => ({ webhook: id }),
  async asked<T>(call: Call, question: Question, lacking = refuse('OUTBOX_UNAVAILABLE')) {
    const isLook = question.type === 'figures' || question.type === 'letters';
    const operation = isLook ? 'view' : 'admin';
    const receiver = await findWebhook(engineOf(ledger), call.principal, idOf(call), operation);
    if (isRefusal(receiver)) return receiver;
    const { id } = receiver;
    const answer = await answerOf<T>(ledger, (outbound) => outbound.ask(id, question), lacking);
    return isRefusal(answer) ? answer : { receiver, answer };
  },
  change: async (call, state) =>
    changed(ledger, await pauseWebhook(madeBy(ledger, limits, call), idOf(call), state)),
});

function registrationRoutes(ledger: ServedLedger, limits: GatewayLimits, of: Webhooks): Route[] {
  return [
    {
      ...OURS,
      method: 'POST',
      path: '/v1/webhooks',
      describes: WEBHOOK_DESCRIPTIONS.add,
      body: 'required',
      handle: async (call) =>
        secretAnswer(ledger, 201, await addWebhook(madeBy(ledger, limits, call), call.body)),
    },
    {
      ...OURS,
      method: 'GET',
      path: '/v1/webhooks',
      describes: WEBHOOK_DESCRIPTIONS.list,
      handle: async ({ principal }) => {
        const webhooks = await ownWebhooks(engineOf(ledger), principal);
        return isRefusal(webhooks) ? problem(webhooks) : json(200, { webhooks });
      },
    },
    {
      ...OURS,
      method: 'GET',
      path: WEBHOOK,
      describes: WEBHOOK_DESCRIPTIONS.get,
      handle: async (call) => {
        const found = await of.asked<ReceiverFigures>(call, { type: 'figures' });
        if (isRefusal(found)) return problem(found);
        return json(200, { ...shown(found.receiver), ...found.answer });
      },
    },
    {
      ...OURS,
      method: 'PUT',
      path: WEBHOOK,
      describes: WEBHOOK_DESCRIPTIONS.change,
      body: 'required',
      handle: async (call) =>
        changed(ledger, await changeWebhook(madeBy(ledger, limits, call), idOf(call), call.body)),
    },
    {
      ...OURS,
      method: 'DELETE',
      path: WEBHOOK,
      describes: WEBHOOK_DESCRIPTIONS.remove,
      handle: async (call) =>
        changed(ledger, await removeWebhook(madeBy(ledger, limits, call), idOf(call))),
    },
  ];
}

function changeRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      ...OURS,
      method: 'POST',
      path: `${WEBHOOK}/rotate`,
      describes: WEBHOOK_DESCRIPTIONS.rotate,
      body: 'optional',
      handle: async (call) => {
        const made = await rotateWebhook(madeBy(ledger, limits, call), idOf(call), call.body);
        return secretAnswer(ledger, 200, made);
      },
    },
    {
      ...OURS,
      method: 'POST',
      path: `${WEBHOOK}/replay`,
      describes: WEBHOOK_DESCRIPTIONS.replay,
      body: 'required',
      handle: async (call) =>
        changed(ledger, await replayWebhook(madeBy(ledger, limits, call), idOf(call), call.body)),
    },
  ];
}

const testRoute = (of: Webhooks): Route => ({
  ...OURS,
  method: 'POST',
  path: `${WEBHOOK}/test`,
  describes: WEBHOOK_DESCRIPTIONS.test,
  body: 'optional',
  handle: async (call) => {
    const no = fullBody(call.body);
    if (no !== undefined) return problem(no);
    const salt = randomBytes(SALT_BYTES).toString('hex');
    return attemptAnswer(of, await of.asked(call, { type: 'test', salt }));
  },
});

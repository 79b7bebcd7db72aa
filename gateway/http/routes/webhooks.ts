// Routes of webhooks. Owns: their paths and answers. Never touches: what is kept of them, what is sent.
//   http.H60. A webhook of somebody else is not found, whatever is asked of it.

import { randomBytes } from 'node:crypto';
import { either } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import type { Question, ShownLetter } from '../../outbound/messages.js';
import type { ReceiverFigures } from '../../outbound/receiver.js';
import type { Attempt } from '../../outbound/sending.js';
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
import {
  type Call,
  count,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { fullBody } from '../../schema/check.js';
import { DEAD_LETTERS_PAGE_MAX, WEBHOOK_DESCRIPTIONS } from '../../schema/webhooks.js';
import { answerOf, outboundOf } from './outbox.js';

const WEBHOOK = '/v1/webhooks/{webhook}';
const LETTERS = `${WEBHOOK}/dead-letters`;
const SALT_BYTES = 4;
const OURS = { access: either('read'), module: 'webhooks' } as const;

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

/** What the outbox says of a webhook of the caller's; `lacking`: refused with, where it says nothing. */
async function asked<T>(
  ledger: ServedLedger,
  call: Call,
  question: Question,
  lacking: Refusal,
): Promise<Refusal | { readonly webhook: StoredWebhook; readonly answer: T }> {
  const webhook = await findWebhook(engineOf(ledger), call.principal, idOf(call));
  if (isRefusal(webhook)) return webhook;
  const answer = await answerOf<T>(
    ledger,
    (outbound) => outbound.ask(webhook.id, question),
    lacking,
  );
  return isRefusal(answer) ? answer : { webhook, answer };
}

const attemptAnswer = (
  made: Refusal | { readonly webhook: StoredWebhook; readonly answer: Attempt },
): Answer => {
  if (isRefusal(made)) return problem(made);
  const { isDelivered, status, reason, ms } = made.answer;
  return json(200, { isDelivered, status, reason, ms }, { webhook: made.webhook.id });
};

/** The routes of webhooks. */
export function webhookRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    ...registrationRoutes(ledger, limits),
    ...changeRoutes(ledger, limits),
    ...outboxRoutes(ledger),
  ];
}

function registrationRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
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
        const lacking = refuse('OUTBOX_UNAVAILABLE');
        const found = await asked<ReceiverFigures>(ledger, call, { type: 'figures' }, lacking);
        if (isRefusal(found)) return problem(found);
        return json(200, { ...shown(found.webhook), ...found.answer });
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
  const pausing = (['pause', 'resume'] as const).map(
    (verb): Route => ({
      ...OURS,
      method: 'POST',
      path: `${WEBHOOK}/${verb}`,
      describes: WEBHOOK_DESCRIPTIONS[verb],
      body: 'optional',
      handle: async (call) => {
        const no = fullBody(call.body);
        if (no !== undefined) return problem(no);
        const state = verb === 'pause' ? 'paused' : 'active';
        return changed(ledger, await pauseWebhook(madeBy(ledger, limits, call), idOf(call), state));
      },
    }),
  );
  return [
    ...pausing,
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

function outboxRoutes(ledger: ServedLedger): Route[] {
  const lacking = refuse('DEAD_LETTER_NOT_FOUND', 'letter');
  const letterOf = ({ path }: Call): string => path[1] ?? '';
  return [
    {
      ...OURS,
      method: 'POST',
      path: `${WEBHOOK}/test`,
      describes: WEBHOOK_DESCRIPTIONS.test,
      body: 'optional',
      handle: async (call) => {
        const no = fullBody(call.body);
        if (no !== undefined) return problem(no);
        const salt = randomBytes(SALT_BYTES).toString('hex');
        const unavailable = refuse('OUTBOX_UNAVAILABLE');
        return attemptAnswer(await asked(ledger, call, { type: 'test', salt }, unavailable));
      },
    },
    {
      ...OURS,
      method: 'GET',
      path: LETTERS,
      describes: WEBHOOK_DESCRIPTIONS.letters,
      handle: async (call) => {
        const { after } = call.query;
        const limit = count(call.query, 'limit') ?? DEAD_LETTERS_PAGE_MAX;
        const question = { type: 'letters', after, limit } as const;
        const unavailable = refuse('OUTBOX_UNAVAILABLE');
        const found = await asked<ShownLetter[]>(ledger, call, question, unavailable);
        if (isRefusal(found)) return problem(found);
        const { answer: deadLetters } = found;
        const cursor = deadLetters.length < limit ? undefined : deadLetters.at(-1)?.id;
        return json(200, { deadLetters, cursor });
      },
    },
    {
      ...OURS,
      method: 'POST',
      path: `${LETTERS}/{letter}/retry`,
      describes: WEBHOOK_DESCRIPTIONS.retry,
      body: 'optional',
      handle: async (call) => {
        const no = fullBody(call.body);
        if (no !== undefined) return problem(no);
        const question = { type: 'retry', letter: letterOf(call) } as const;
        return attemptAnswer(await asked(ledger, call, question, lacking));
      },
    },
    {
      ...OURS,
      method: 'DELETE',
      path: `${LETTERS}/{letter}`,
      describes: WEBHOOK_DESCRIPTIONS.drop,
      handle: async (call) => {
        const id = letterOf(call);
        const made = await asked(ledger, call, { type: 'drop', letter: id }, lacking);
        return isRefusal(made) ? problem(made) : json(200, { id }, { webhook: made.webhook.id });
      },
    },
  ];
}

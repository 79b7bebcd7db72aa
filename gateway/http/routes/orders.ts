// Orders of the mall: made, changed, read; quotes. Owns: their paths, who sees where an order goes to. Never touches: what goods cost, what becomes
// of an order.
//   http.H50. Where an order goes to is sealed before it is sent to a shard: no log has it in clear.

import {
  type Command,
  ORDER_NUMBER_PATTERN,
  ORDER_STATES,
  type OrderQuery,
  type OrderState,
  orderByNumber,
  type ToldOrder,
} from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { forAct, membersToo } from '../../auth/principal.js';
import {
  openReceivers,
  RECEIVER_BYTES_MAX,
  type Receiver,
  sealedBefore,
  sealReceiver,
  seesReceiver,
} from '../../auth/receivers.js';
import type { Sealer } from '../../auth/sealing.js';
import { type Answer, json, problem, unkept } from '../../encoding/answer.js';
import { lastDocument } from '../../known-definitions.js';
import type { GatewayLimits } from '../../limits.js';
import { maskedAll } from '../../privacy/mask.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  callerOf,
  count,
  engineOf,
  type Route,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { ActReader, isFields } from '../../schema/command-reader.js';
import * as about from '../../schema/orders.js';
import { isNewUser } from '../../schema/words.js';
import { cardsInPlace, deliveredCodes } from './delivered.js';
import { disclosed } from './privacy.js';
import { OK, quoted, submitted } from './submit.js';

const ORDERS = '/v1/orders';
const READS_ORDER = new ActReader(about.ORDER);
const READS_QUOTE = new ActReader(about.QUOTE);
const readReceiver = bodyReader(about.ReceiverBody);
const NUMBER = new RegExp(`^${ORDER_NUMBER_PATTERN}$`);

/** The routes of orders. */
export function orderRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const acts = { method: 'POST', body: 'required', module: 'acts', repeats: true } as const;
  return [
    {
      ...acts,
      path: ORDERS,
      access: forAct(about.ORDER),
      describes: about.orderDescription(limits),
      handle: (call) => ordered(ledger, call),
    },
    {
      method: 'POST',
      path: '/v1/quotes',
      body: 'required',
      module: 'acts',
      isRead: true,
      access: forAct(about.QUOTE),
      describes: about.quoteDescription,
      handle: (call) => quoted(ledger, call, READS_QUOTE.read(call.body, [])),
    },
    ...(Object.keys(about.CHANGES) as (keyof typeof about.CHANGES)[]).map((what): Route => {
      const reader = new ActReader(about.CHANGES[what], ['number']);
      return {
        ...acts,
        path: `${ORDERS}/{number}/${what}`,
        access: forAct(about.CHANGES[what]),
        describes: about.changeDescription(what, limits),
        handle: (call) => {
          const wrong = numberProblem(call);
          if (wrong !== undefined) return problem(wrong);
          const command = reader.read(call.body, call.path, call.idempotencyKey);
          return submitted(ledger, call, command, { fresh: OK, named: besideIt });
        },
      };
    }),
    {
      method: 'GET',
      path: ORDERS,
      access: membersToo('read'),
      module: 'acts',
      describes: about.listDescription,
      handle: (call) => list(ledger, call),
    },
    {
      method: 'GET',
      path: `${ORDERS}/{number}`,
      access: membersToo('read'),
      module: 'acts',
      describes: about.readDescription,
      handle: (call) => read(ledger, call),
    },
  ];
}

/** What is no number is the number of no order. */
const numberProblem = ({ path }: Call): Refusal | undefined =>
  NUMBER.test(path[0] ?? '') ? undefined : refuse('ORDER_NOT_FOUND', 'number');

const sealerOf = ({ access }: ServedLedger): Sealer =>
  (access as NonNullable<ServedLedger['access']>).sealer;

async function ordered(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { body } = call;
  const receiver = isFields(body) ? receiverOf(body) : undefined;
  if (isRefusal(receiver)) return problem(receiver);
  const wrong = isFields(body) ? cardsInPlace(ledger, body) : undefined;
  if (wrong !== undefined) return problem(wrong);
  // It is sealed once nothing else is wrong.
  if (isFields(body) && receiver !== undefined) delete body['receiver'];
  const command = READS_ORDER.read(body, [], call.idempotencyKey);
  if (isRefusal(command) || receiver === undefined)
    return submitted(ledger, call, command, { named: besideIt });
  const { owner, id } = command as { readonly owner?: unknown; readonly id?: string };
  if (!isNewUser(owner)) return problem(refuse('OWNER_INVALID', 'owner'));
  const to = (sealed: string): Command => {
    const { body: of } = command as { readonly body?: object };
    return { ...command, body: { ...of, receiver: sealed } } as Command;
  };
  const sealer = sealerOf(ledger);
  const sealed = await sealReceiver(sealer, owner, id, receiver);
  if (isRefusal(sealed)) return problem(sealed);
  const alike = async (): Promise<readonly Command[] | Refusal> => {
    const before = await sealedBefore(sealer, owner, id ?? '', receiver);
    return isRefusal(before) ? before : before.map(to);
  };
  return submitted(ledger, call, to(sealed), { named: besideIt, alike });
}

/** Where the order goes to; a refusal where it is not what it should be. */
function receiverOf(body: Record<string, unknown>): Receiver | undefined | Refusal {
  if (body['receiver'] === undefined) return undefined;
  const receiver = readReceiver(body['receiver']);
  if (isRefusal(receiver)) {
    const { field } = receiver;
    const at = field === undefined || field === 'body' ? 'receiver' : `receiver.${field}`;
    return refuse('ACT_BODY_INVALID', at, receiver.detail);
  }
  if (Buffer.byteLength(JSON.stringify(receiver)) <= RECEIVER_BYTES_MAX)
    return receiver as Receiver;
  const detail = `receiver is at most ${RECEIVER_BYTES_MAX} bytes of JSON.`;
  return refuse('ACT_BODY_INVALID', 'receiver', detail);
}

async function list(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { query } = call;
  const { programme, state, number, owner, goods, cursor } = query;
  const found = await callerOf(ledger, call).orders({
    ...{ programme, number, owner, goods, cursor },
    state: state as OrderState | undefined,
    order: query['order'] as OrderQuery['order'],
    from: count(query, 'from'),
    to: count(query, 'to'),
    limit: count(query, 'limit'),
  });
  if (isRefusal(found)) return problem(found);
  const { ok: _, ...page } = found;
  const names = new Map<string, unknown>();
  for (const { goods: key } of page.orders) {
    if (names.has(key)) continue;
    const document = await lastDocument(engineOf(ledger), 'goods', key);
    // Without its name it is an order, too.
    names.set(key, isRefusal(document) ? undefined : document?.['name']);
  }
  const orders = page.orders.map((one) => ({ ...one, name: names.get(one.goods) }));
  return json(OK, { ...page, orders });
}

async function read(ledger: ServedLedger, call: Call): Promise<Answer> {
  const wrong = numberProblem(call);
  if (wrong !== undefined) return problem(wrong);
  const [number = ''] = call.path;
  const { owner = '' } = call.query;
  const engine = engineOf(ledger);
  const order = await orderByNumber(engine.own, owner, number);
  if (isRefusal(order)) return problem(order);
  if (order === undefined) return problem(refuse('ORDER_NOT_FOUND', 'number'));
  // Who may know the member's points in the asset of the order, may know the order.
  const may = await callerOf(ledger, call).balance(owner, order.asset);
  if (isRefusal(may)) return problem(may);
  const told = await shown(ledger, call, order);
  return isRefusal(told) ? problem(told) : unkept(json(OK, told));
}

/** An order as it is told: what it was called then, and where it goes to, as far as that may be seen. */
async function shown(
  ledger: ServedLedger,
  call: Call,
  order: ToldOrder,
): Promise<object | Refusal> {
  const { owner, goods, version, receiver: text, state } = order;
  const engine = engineOf(ledger);
  const defined = await engine.definition('goods', goods);
  const versions = defined === undefined || isRefusal(defined) ? [] : defined.versions;
  const document = versions.find((one) => one.version === version)?.document;
  const name = document?.['name'];
  const codes = await deliveredCodes(ledger, call.principal, order, document?.['delivery']);
  if (isRefusal(codes)) return codes;
  const found = await openReceivers(sealerOf(ledger), [{ owner, receiver: text }]);
  if (isRefusal(found)) return found;
  const [receiver] = found;
  const isClear = seesReceiver(call.principal, owner);
  if (receiver !== undefined && isClear) {
    const no = await disclosed(ledger, call, 'receiver', 'GET /v1/orders/{number}', [owner]);
    if (no !== undefined) return no;
  }
  return {
    ...order,
    ...(typeof name === 'string' ? { name } : {}),
    stateNumber: ORDER_STATES.indexOf(state),
    codes,
    receiver: receiver === undefined || isClear ? receiver : maskedAll(receiver),
  };
}

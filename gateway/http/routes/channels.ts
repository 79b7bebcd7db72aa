// Routes of channels, by which members are told. Owns: their paths and answers. Never touches: what is kept of them, what is sent.

import { randomBytes } from 'node:crypto';
import type { NoticeLanguage, NoticeName } from '../../../engine/index.js';
import { VIEWERS, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import type { Question } from '../../outbound/messages.js';
import { alertSample, isAlert } from '../../outbound/notices/alerts.js';
import {
  addChannel,
  CHANNELS,
  type ChannelParts,
  changeChannel,
  findChannel,
  pauseChannel,
  removeChannel,
  type StoredChannel,
  shownChannel,
} from '../../outbound/notices/channels.js';
import { isReport, reportSample } from '../../outbound/notices/reports.js';
import {
  isRobotType,
  type NoticeMessage,
  type StaffNotice,
} from '../../outbound/notices/shapes.js';
import type { ReceiverFigures } from '../../outbound/receiver.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, recordsOf, type ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import {
  isEmail,
  isPhone,
  NOTICE_DESCRIPTIONS,
  PreviewBody,
  TestNoticeBody,
} from '../../schema/notices.js';
import {
  answerOf,
  attemptAnswer,
  attemptsRoute,
  letterRoutes,
  outboundOf,
  pauseRoutes,
  type ReceiverRoutes,
} from './outbox.js';

const PATH = '/v1/channels';
const CHANNEL = `${PATH}/{channel}`;
const OURS = { access: WHOLE_LEDGER, module: 'notices' } as const;
const TEST_ID_BYTES = 16;
const readPreview = bodyReader(PreviewBody);
const readTest = bodyReader(TestNoticeBody);

const idOf = ({ path }: Call): string => path[0] ?? '';

function partsOf(ledger: ServedLedger, limits: GatewayLimits, call: Call): ChannelParts {
  const { sealer, directory, outbound } = outboundOf(ledger);
  return {
    ledger: recordsOf(ledger, call),
    ...{ sealer, limits, destinations: outbound.destinations, now: engineOf(ledger).now() },
    isPlatform: (id) => directory.platform(id) !== undefined,
  };
}

/** Tells what was made of a channel, once it counts here. */
async function changed(
  ledger: ServedLedger,
  made: Refusal | StoredChannel,
  status = 200,
): Promise<Answer> {
  if (isRefusal(made)) return problem(made);
  await outboundOf(ledger).outbound.refresh();
  return json(status, shownChannel(made), { channel: made.id });
}

type Channels = ReceiverRoutes<StoredChannel>;

/** The routes of channels. */
export function channelRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const of = receivers(ledger, limits);
  return [
    ...registrationRoutes(ledger, limits, of),
    ...pauseRoutes(of),
    ...wordRoutes(ledger, of),
    attemptsRoute(of),
    ...letterRoutes(of),
  ];
}

const receivers = (ledger: ServedLedger, limits: GatewayLimits): Channels => ({
  path: CHANNEL,
  ours: OURS,
  looks: { access: VIEWERS },
  describes: NOTICE_DESCRIPTIONS,
  trail: ({ id }) => ({ channel: id }),
  async asked<T>(call: Call, question: Question, lacking = refuse('OUTBOX_UNAVAILABLE')) {
    const receiver = await findChannel(engineOf(ledger), idOf(call));
    if (isRefusal(receiver)) return receiver;
    const { id } = receiver;
    const answer = await answerOf<T>(ledger, (outbound) => outbound.ask(id, question), lacking);
    return isRefusal(answer) ? answer : { receiver, answer };
  },
  change: async (call, state) =>
    changed(ledger, await pauseChannel(partsOf(ledger, limits, call), idOf(call), state)),
});

function registrationRoutes(ledger: ServedLedger, limits: GatewayLimits, of: Channels): Route[] {
  return [
    {
      ...OURS,
      method: 'POST',
      path: PATH,
      describes: NOTICE_DESCRIPTIONS.add,
      body: 'required',
      handle: async (call) =>
        changed(ledger, await addChannel(partsOf(ledger, limits, call), call.body), 201),
    },
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: PATH,
      describes: NOTICE_DESCRIPTIONS.list,
      handle: async () => {
        const all = await CHANNELS.all(engineOf(ledger));
        if (isRefusal(all)) return problem(all);
        return json(200, { channels: all.map((one) => shownChannel(one.read())) });
      },
    },
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: CHANNEL,
      describes: NOTICE_DESCRIPTIONS.get,
      handle: async (call) => {
        const found = await of.asked<ReceiverFigures>(call, { type: 'figures' });
        if (isRefusal(found)) return problem(found);
        return json(200, { ...shownChannel(found.receiver), ...found.answer });
      },
    },
    {
      ...OURS,
      method: 'PUT',
      path: CHANNEL,
      describes: NOTICE_DESCRIPTIONS.change,
      body: 'required',
      handle: async (call) => {
        const made = await changeChannel(partsOf(ledger, limits, call), idOf(call), call.body);
        return changed(ledger, made);
      },
    },
    {
      ...OURS,
      method: 'DELETE',
      path: CHANNEL,
      describes: NOTICE_DESCRIPTIONS.remove,
      handle: async (call) =>
        changed(ledger, await removeChannel(partsOf(ledger, limits, call), idOf(call))),
    },
  ];
}

interface Written {
  readonly notice: NoticeName | StaffNotice;
  readonly language?: NoticeLanguage | undefined;
}

/** A notice as the channel would send it now. */
async function written(
  ledger: ServedLedger,
  channel: StoredChannel,
  { notice, language = channel.language ?? 'zh' }: Written,
  to = '',
): Promise<NoticeMessage | Refusal> {
  const { desk } = outboundOf(ledger).outbound;
  const id = `n_${randomBytes(TEST_ID_BYTES).toString('hex')}`;
  const { type } = channel;
  const of = { id, to, language, at: engineOf(ledger).now() };
  if (isAlert(notice)) return alertSample(channel, notice, of);
  if (isReport(notice)) return reportSample(channel, notice, of);
  if (isRobotType(type))
    return refuse('CHANNEL_INVALID', 'notice', 'notice: A robot tells no members.');
  const found = await desk.preview({ ...channel, type }, notice, language, {
    id,
    owner: 'member',
    to,
  });
  return found ?? refuse('SHARD_UNAVAILABLE');
}

function addressProblem({ type }: StoredChannel, to = ''): Refusal | undefined {
  const isRight = type === 'email' ? isEmail(to) : type === 'sms' ? isPhone(to) : to === '';
  const words: Partial<Record<typeof type, string>> = {
    email: 'a mail address',
    sms: 'the number of a phone',
  };
  const what = words[type] ?? 'left out';
  return isRight ? undefined : refuse('CHANNEL_INVALID', 'to', `to: It is ${what}.`);
}

function wordRoutes(ledger: ServedLedger, of: Channels): Route[] {
  return [
    {
      ...OURS,
      method: 'POST',
      path: `${CHANNEL}/preview`,
      describes: NOTICE_DESCRIPTIONS.preview,
      body: 'required',
      isRead: true,
      handle: async (call) => {
        const fields = readPreview(call.body);
        if (isRefusal(fields)) return problem(fields);
        const channel = await findChannel(engineOf(ledger), idOf(call));
        if (isRefusal(channel)) return problem(channel);
        const found = await written(ledger, channel, fields);
        if (isRefusal(found)) return problem(found);
        const { notice, language, subject, text, short } = found;
        return json(200, { notice, language, subject, text, short });
      },
    },
    {
      ...OURS,
      method: 'POST',
      path: `${CHANNEL}/test`,
      describes: NOTICE_DESCRIPTIONS.test,
      body: 'required',
      handle: async (call) => {
        const fields = readTest(call.body);
        if (isRefusal(fields)) return problem(fields);
        const channel = await findChannel(engineOf(ledger), idOf(call));
        if (isRefusal(channel)) return problem(channel);
        const no = addressProblem(channel, fields.to);
        if (no !== undefined) return problem(no);
        const message = await written(ledger, channel, fields, fields.to);
        if (isRefusal(message)) return problem(message);
        return attemptAnswer(of, await of.asked(call, { type: 'notice', message }));
      },
    },
  ];
}

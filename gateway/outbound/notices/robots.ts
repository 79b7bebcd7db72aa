// Robots of chats: DingTalk's and WeCom's. Owns: their addresses, signatures and bodies, what their answers mean. Never touches: connections, texts.
//   notices.B1. An answer 200 is no delivery: the robot's own number says whether there was one.
//   notices.B2. A robot's token is a part of its address, and is kept and told as little as a password.

import { createHmac } from 'node:crypto';
import type { Attempt } from '../sending.js';
import { Posting } from './posting.js';
import { isRobotType, type NoticeMessage, type Robot, type SendingChannel } from './shapes.js';

/** Bytes of a text that a robot takes. */
const TEXT_BYTES_MAX: Readonly<Record<Robot, number>> = { dingtalk: 18_000, wecom: 2_048 };
/** Too much was sent in a minute: DingTalk's numbers, and WeCom's. */
const TOO_OFTEN = new Set([130101, 130102, 660026, 45009, 45033]);
const MINUTE_MS = 60_000;

/** A token and a secret, as they are kept together. */
export const robotSecret = (token: string, secret = ''): string => `${token}\n${secret}`;

/** The first so many bytes of a text, no character cut in two. */
function cut(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  let end = bytes - 3;
  while (((all[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${all.subarray(0, end).toString()}…`;
}

/** Where a message goes; DingTalk's is signed with the time, where the robot has a secret. */
export function robotUrl({ type, url, secret: kept = '' }: SendingChannel, now: number): string {
  const [token = '', secret = ''] = kept.split('\n');
  const at = new URL(url);
  if (type === 'wecom') {
    at.searchParams.set('key', token);
    return at.href;
  }
  at.searchParams.set('access_token', token);
  if (secret === '') return at.href;
  const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
  at.searchParams.set('timestamp', String(now));
  at.searchParams.set('sign', sign);
  return at.href;
}

export const robotBody = (type: Robot, { text }: Pick<NoticeMessage, 'text'>): string =>
  JSON.stringify({ msgtype: 'text', text: { content: cut(text, TEXT_BYTES_MAX[type]) } });

/** B1. */
export function robotAnswer(attempt: Attempt, body: string): Attempt {
  if (!attempt.isDelivered) return attempt;
  let number: unknown;
  try {
    number = (JSON.parse(body) as { readonly errcode?: unknown }).errcode;
  } catch {
    number = undefined;
  }
  if (number === 0) return attempt;
  const failed = { ...attempt, isDelivered: false };
  if (typeof number !== 'number') return { ...failed, reason: 'ANSWER_UNREADABLE' };
  const later = TOO_OFTEN.has(number) ? { retryAfterMs: MINUTE_MS } : {};
  return { ...failed, ...later, reason: `ERRCODE ${number}` };
}

export class Robots extends Posting {
  override async send(message: NoticeMessage): Promise<Attempt> {
    const { type } = this.channel;
    if (!isRobotType(type)) return { isDelivered: false, reason: 'NO_ROBOT', ms: 0 };
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const url = robotUrl(this.channel, this.now());
    const { body, ...attempt } = await this.sender.ask(url, headers, robotBody(type, message));
    return robotAnswer(attempt, body);
  }
}

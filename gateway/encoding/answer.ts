// What is answered to a request. Owns: its shape, answers in JSON, answers of refusals. Never touches: sockets, the engine.

import type { AnswerStream } from '../http/server/streamed.js';
import { problemJson, type Refusal } from '../refusal.js';

/** What a handler answers. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** Pairs; absent on the usual ways. */
  readonly headers?: readonly (readonly [string, string])[] | undefined;
  /** Close the connection after it: the request's rest is not read. */
  readonly close?: boolean | undefined;
  /** Writes the body piece by piece instead; `body` is empty then. Rejects only for a defect. */
  readonly stream?: ((stream: AnswerStream) => Promise<void>) | undefined;
  /** Of a stream: nothing comes between its pieces to show that it goes on, for they are bytes of a file. */
  readonly isFile?: boolean | undefined;
  /** What the audit log says of it, beside what was asked. */
  readonly told?: Readonly<Record<string, unknown>> | undefined;
  /** What it refuses, where it does. */
  readonly refusal?: Refusal | undefined;
}

export const JSON_TYPE = 'application/json';
export const PROBLEM_TYPE = 'application/problem+json';
export const LINES_TYPE = 'application/x-ndjson';
export const EVENTS_TYPE = 'text/event-stream';
export const TEXT_TYPE = 'text/plain';

/** The answer to a refused request. */
export function problem(
  refusal: Refusal,
  headers?: readonly (readonly [string, string])[],
  close?: boolean,
): Answer {
  const { status, code, id, replayed, retryAfterSeconds } = refusal;
  const later =
    retryAfterSeconds === undefined
      ? headers
      : ([...(headers ?? []), ['Retry-After', String(retryAfterSeconds)]] as const);
  const told = { outcome: code, id, replayed: replayed || undefined };
  return {
    status,
    contentType: PROBLEM_TYPE,
    body: problemJson(refusal),
    headers: later,
    close,
    told,
    refusal,
  };
}

/** An answer whose JSON is there. `told`: what the audit log says of it. */
export const jsonText = (
  status: number,
  body: string,
  told?: Answer['told'],
  headers?: Answer['headers'],
): Answer => ({ status, contentType: JSON_TYPE, body, headers, close: undefined, told });

/** An answer in JSON. */
export const json = (status: number, value: unknown, told?: Answer['told']): Answer =>
  jsonText(status, JSON.stringify(value), told);

/** Of what is somebody's secret, or where somebody can be reached: no cache on the way keeps it. */
export const unkept = (answer: Answer): Answer => ({
  ...answer,
  headers: [...(answer.headers ?? []), ['Cache-Control', 'no-store']],
});

/** An answer in words, a line each. */
export const words = (status: number, lines: readonly string[]): Answer => ({
  status,
  contentType: `${TEXT_TYPE}; charset=utf-8`,
  body: lines.map((line) => `${line}\n`).join(''),
});

/** An answer in lines, written while they are made. */
export const lines = (stream: Answer['stream'], told?: Answer['told']): Answer => ({
  status: 200,
  contentType: LINES_TYPE,
  body: '',
  stream,
  told,
});

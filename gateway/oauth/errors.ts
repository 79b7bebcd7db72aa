// What applications are told that are refused (RFC 6749, 5.2; RFC 7009, 2.2.1). Owns: their names and answers. Never touches: why.

import { type Answer, JSON_TYPE } from '../encoding/answer.js';
import type { Refusal } from '../refusal.js';

export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'insufficient_scope'
  | 'temporarily_unavailable'
  | 'server_error';

/** Why an application is refused. */
export interface OAuthProblem {
  readonly error: OAuthErrorCode;
  /** One sentence: letters of ASCII, no quotes. */
  readonly description: string;
  /** How it was shown in `Authorization` who asks. */
  readonly challenge?: 'Basic' | 'Bearer' | undefined;
}

export const oauthProblem = (
  error: OAuthErrorCode,
  description: string,
  challenge?: OAuthProblem['challenge'],
): OAuthProblem => ({ error, description, challenge });

export const isOAuthProblem = (value: unknown): value is OAuthProblem =>
  typeof value === 'object' && value !== null && 'error' in value;

/** Nothing of these answers may be kept by anybody in between. */
const NO_STORE = [
  ['Cache-Control', 'no-store'],
  ['Pragma', 'no-cache'],
] as const;

const CHALLENGES = {
  Basic: 'Basic realm="jifen", charset="UTF-8"',
  Bearer: 'Bearer realm="jifen"',
} as const;
const STATUSES: Readonly<Partial<Record<OAuthErrorCode, number>>> = {
  invalid_client: 401,
  insufficient_scope: 403,
};

const answered = (
  status: number,
  value: object,
  told: Answer['told'],
  more: readonly (readonly [string, string])[] = [],
): Answer => ({
  status,
  contentType: JSON_TYPE,
  body: JSON.stringify(value),
  headers: [...NO_STORE, ...more],
  told,
});

/** An answer that is none of an error. */
export const oauthAnswer = (value: object, told?: Answer['told']): Answer =>
  answered(200, value, told);

/** The answer to an application that is refused. */
export function oauthRefused(
  { error, description, challenge }: OAuthProblem,
  told?: Answer['told'],
): Answer {
  const value = { error, error_description: description };
  const headers =
    challenge === undefined ? [] : ([['WWW-Authenticate', CHALLENGES[challenge]]] as const);
  return answered(STATUSES[error] ?? 400, value, { ...told, outcome: error }, headers);
}

/** What the gateway refuses of itself, as applications read it. */
export function refusedForApplications(refusal: Refusal): Answer {
  const { code, status, message, detail, retryAfterSeconds } = refusal;
  const passes = status === 429 || status === 503;
  const error =
    status >= 500 && !passes
      ? 'server_error'
      : passes
        ? 'temporarily_unavailable'
        : 'invalid_request';
  const description = (detail ?? message).replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'");
  const more: readonly (readonly [string, string])[] =
    retryAfterSeconds === undefined ? [] : [['Retry-After', String(retryAfterSeconds)]];
  const is = status >= 500 || passes ? status : 400;
  return answered(is, { error, error_description: description }, { outcome: code }, more);
}

// A call of the API as the page makes it. Owns: how an operation and what it is asked with become a request, what an answer is. Never touches: tokens, attempts.

/** A call of the API: what it takes, what it answers, the codes of what it refuses. It stands here, and not with what is made: a clone that was never built compiles. */
export interface ApiOperation<Path, Query, Body, Answer, Code extends string> {
  readonly method: string;
  readonly path: string;
  /** It takes its id in `Idempotency-Key`. */
  readonly takesKey?: boolean;
  /** For the compiler alone: never there. */
  readonly types?: { path: Path; query: Query; body: Body; answer: Answer; code: Code };
}

export type AnyOperation = ApiOperation<unknown, unknown, unknown, unknown, string>;

type Part<Name extends string, Type> = [Type] extends [undefined]
  ? { readonly [N in Name]?: undefined }
  : undefined extends Type
    ? { readonly [N in Name]?: Type }
    : object extends Type
      ? { readonly [N in Name]?: Type }
      : { readonly [N in Name]: Type };

/** What an operation is asked with. */
export type Asked<Op> =
  Op extends ApiOperation<infer Path, infer Query, infer Body, unknown, string>
    ? Part<'path', Path> & Part<'query', Query> & Part<'body', Body>
    : never;

export type AnswerOf<Op> =
  Op extends ApiOperation<infer _P, infer _Q, infer _B, infer Answer, infer _C> ? Answer : never;

export type CodeOf<Op> =
  Op extends ApiOperation<infer _P, infer _Q, infer _B, infer _A, infer Code> ? Code : never;

/** The same without its types, as it is kept and sent. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/**
 * What the page itself has to say: nothing could be reached; nobody is signed in (any more); somebody in between answered, and no ledger.
 */
export type LocalCode = 'OFFLINE' | 'SIGNED_OUT' | 'FOREIGN';

/** A refusal, or why there is no answer. */
export interface Problem<Code extends string = string> {
  readonly code: Code | LocalCode;
  /** 0: there was no answer. */
  readonly status: number;
  /** In English, for this case. */
  readonly detail: string;
  readonly field: string | undefined;
  /** May the same be asked again? */
  readonly retry: boolean;
  /** Not before: milliseconds from now. */
  readonly afterMs: number;
}

export type Result<Op> =
  | { readonly ok: true; readonly status: number; readonly answer: AnswerOf<Op> }
  | { readonly ok: false; readonly problem: Problem<CodeOf<Op>> };

export const problemOf = (code: LocalCode, status = 0, detail: string = code): Problem<never> => ({
  code,
  status,
  detail,
  field: undefined,
  retry: true,
  afterMs: 0,
});

interface Parts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

/** The request of an operation. Throws where a part of its path is missing: a defect of the page. */
export function questionOf({ method, path }: AnyOperation, asked: object): Question {
  const { path: parts = {}, query = {}, body } = asked as Parts;
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = parts[name];
    if (part === undefined || part === '') throw new Error(`${path}: ${name} is missing`);
    return encodeURIComponent(part);
  });
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  const whole = pairs.length === 0 ? target : `${target}?${pairs.join('&')}`;
  return body === undefined ? { method, path: whole } : { method, path: whole, body };
}

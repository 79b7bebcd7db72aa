// Where a request came from. Owns: its shape, the trace id in it. Never touches: what is written of it.

/** Where a request came from. */
export interface Origin {
  readonly address: string;
  readonly agent: string;
  /** The `traceparent` header; an empty text where there is none. */
  readonly traceparent: string;
  /** The headers `Jifen-Device`, `Jifen-Member-Device` and `Jifen-Member-Address`; likewise. */
  readonly device: string;
  readonly memberDevice: string;
  readonly memberAddress: string;
  /** The header `Jifen-Second-Factor`; likewise. */
  readonly secondFactor: string;
}

/** Of nobody. */
export const NOWHERE: Origin = {
  address: '',
  agent: '',
  traceparent: '',
  device: '',
  memberDevice: '',
  memberAddress: '',
  secondFactor: '',
};

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The trace id of a `traceparent`; undefined: it has none. */
export const traceIdOf = (traceparent: string): string | undefined =>
  traceparent === '' ? undefined : TRACEPARENT.exec(traceparent)?.[1];

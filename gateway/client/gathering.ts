// Commands that share a message. Owns: how many may, and how commands that were encoded one by one become one message. Never
// touches: which of them do, and when.
//   client.K11. A command is encoded in the call that submits it: what its caller changes afterwards is not sent.

import type { Codec } from './socket.js';

/** How much is gathered. */
export interface Gathering {
  /** Commands of one message. */
  readonly gatheredCommandsMax: number;
  /** Bytes of one message, unless one command has more. */
  readonly gatheredBytesMax: number;
  /** Messages without an answer; what is submitted meanwhile waits for the next one. */
  readonly gatheredMessagesMax: number;
}

/** Of a client that says some of it. */
export type GatheringOptions = {
  readonly [Name in keyof Gathering]?: Gathering[Name] | undefined;
};

/** What is gathered where nothing else is said. */
export const GATHERING: Gathering = {
  gatheredCommandsMax: 1_000,
  gatheredBytesMax: 1024 * 1024,
  gatheredMessagesMax: 4,
};

/** Bytes that a message has around its commands, at most. */
export const AROUND_BYTES = 256;

/** What the client keeps of a command that waits, beside its bytes, in bytes. */
export const KEPT_BYTES = 2_048;

/** MessagePack: an array without items, and the first byte of one with a length of four bytes. */
const EMPTY_ARRAY = 0x90;
const LONG_ARRAY = 0xdd;
const LENGTH_BYTES = 4;
/** JSON: how a message ends whose last field is an array without items. */
const EMPTY_AT_END = /\[\s*\]\s*\}\s*$/;

/** One message of commands, each encoded by the same codec. */
export function joined(
  codec: Codec,
  fields: { readonly id: number; readonly timeoutMs: number | undefined },
  commands: readonly (string | Uint8Array)[],
): string | Uint8Array {
  const empty = codec.encode({ type: 'commands', ...fields, commands: [] });
  return typeof empty === 'string'
    ? joinedText(empty, commands as readonly string[])
    : joinedBytes(empty, commands as readonly Uint8Array[]);
}

function joinedText(empty: string, commands: readonly string[]): string {
  const { index } = EMPTY_AT_END.exec(empty) ?? {};
  if (index === undefined) throw new TypeError('the codec makes no JSON');
  return `${empty.slice(0, index)}[${commands.join()}]}`;
}

function joinedBytes(empty: Uint8Array, commands: readonly Uint8Array[]): Uint8Array {
  const start = empty.length - 1;
  if (empty[start] !== EMPTY_ARRAY) throw new TypeError('the codec makes no MessagePack');
  let at = start + 1 + LENGTH_BYTES;
  const bytes = new Uint8Array(commands.reduce((sum, { length }) => sum + length, at));
  bytes.set(empty);
  bytes[start] = LONG_ARRAY;
  new DataView(bytes.buffer).setUint32(start + 1, commands.length);
  for (const command of commands) {
    bytes.set(command, at);
    at += command.length;
  }
  return bytes;
}

// Ids of commands that come without one. Owns: their making. Never touches: commands' other fields.
//   K1. A command is sent with the same id however often it is sent: a retry cannot post twice.

import type { Command } from '../../engine/index.js';

/** 128 random bits. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The command with an id, its own where it has one. */
export function withId(command: Command): Command {
  if (command.type === 'define-asset' || command.id !== undefined) return command;
  if ('kind' in command && command.kind !== undefined && command.ref !== undefined) return command;
  return { ...command, id: newId() };
}

// What only an administrator asks over HTTP. Owns: the backup request. Never touches: sockets.

import { isAbsolute } from 'node:path';
import type { Engine } from '../../engine/index.js';
import { type Answer, json, problem, refuse } from './problem.js';

/**
 * Copies the open folder: `{"to": "/absolute/new/folder"}`. Answers when the copy is complete and
 * durable.
 */
export async function backup(engine: Engine, body: unknown): Promise<Answer> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return problem(
      refuse('COMMAND_INVALID', 'body', 'The body must be {"to": "/absolute/new/folder"}.'),
    );
  }
  const extra = Object.keys(body).find((name) => name !== 'to');
  if (extra !== undefined) return problem(refuse('COMMAND_INVALID', extra, 'Known is only: to.'));
  const to: unknown = (body as { to?: unknown }).to;
  if (typeof to !== 'string' || !isAbsolute(to) || to.includes('\0')) {
    return problem(
      refuse('COMMAND_INVALID', 'to', 'to must be the absolute path of a new folder.'),
    );
  }
  try {
    return json(201, { to, seqs: await engine.backup(to) });
  } catch (error) {
    // The folder is the administrator's own choice, so what is wrong with it may be said.
    return problem(
      refuse('COMMAND_INVALID', 'to', `The backup failed: ${(error as Error).message}`),
    );
  }
}

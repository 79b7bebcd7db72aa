// What only an administrator asks over HTTP. Owns: the backup request. Never touches: sockets.

import { isAbsolute } from 'node:path';
import type { Engine } from '../../../engine/index.js';
import { type Answer, isRefusal, json, problem, refuse } from '../../refusal.js';
import { bodyReader } from '../../schema/check.js';
import { BackupBody } from '../../schema/operation-descriptions.js';

const readBackup = bodyReader(BackupBody);

/**
 * Copies the open folder: `{"to": "/absolute/new/folder"}`. Answers when the copy is complete and
 * durable.
 */
export async function backup(engine: Engine, body: unknown): Promise<Answer> {
  const fields = readBackup(body);
  if (isRefusal(fields)) return problem(fields);
  const { to } = fields;
  if (!isAbsolute(to) || to.includes('\0')) {
    return problem(
      refuse('COMMAND_INVALID', 'to', 'to must be the absolute path of a new folder.'),
    );
  }
  try {
    const seqs = await engine.backup(to);
    return json(201, { to, shards: engine.shardsHere, seqs });
  } catch (error) {
    // The folder is the administrator's own choice, so what is wrong with it may be said.
    return problem(
      refuse('COMMAND_INVALID', 'to', `The backup failed: ${(error as Error).message}`),
    );
  }
}

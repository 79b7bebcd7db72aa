// `jifen inspect`: a block or an account, readable. Owns: how it is shown. Never touches: the
// folder.

import { inspectAccount, inspectBlock } from '../../engine/index.js';
import {
  type CliCommand,
  existingFolder,
  type Given,
  textOption,
  UsageError,
} from './arguments.js';

const help = `Usage: jifen inspect <folder> --account <owner>
       jifen inspect <folder> --block <shard>/<seq>

Shows what a data folder holds, as JSON. Bytes are shown in base64.

  <folder>                a data folder
  --account <owner>       all accounts of an owner, with their lots
  --block <shard>/<seq>   one block of the log: its header, commands and
                          effects, e.g. --block 0/17

Exit codes: 0 shown; 1 there is no such thing, or the folder could not be read;
2 wrong arguments.
`;

async function run(given: Given): Promise<number> {
  const owner = textOption(given, 'account');
  const block = textOption(given, 'block');
  if ((owner === undefined) === (block === undefined)) {
    throw new UsageError('name either --account <owner> or --block <shard>/<seq>');
  }
  const parts = /^(\d{1,3})\/(\d{1,15})$/.exec(block ?? '');
  if (block !== undefined && parts === null) {
    throw new UsageError(`--block is <shard>/<seq>, e.g. 0/17, not "${block}"`);
  }
  const folder = existingFolder(given.operands[0] ?? '');
  const found =
    owner === undefined
      ? await inspectBlock(folder, Number(parts?.[1]), Number(parts?.[2]))
      : await inspectAccount(folder, owner);
  if (found === undefined) {
    throw new Error(
      owner === undefined ? `there is no block ${block}` : `there is no owner ${owner}`,
    );
  }
  process.stdout.write(`${JSON.stringify(found, readable, 2)}\n`);
  return 0;
}

function readable(_name: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) return Object.fromEntries(value);
  return typeof value === 'bigint' ? String(value) : value;
}

export const inspect: CliCommand = {
  help,
  options: { account: 'text', block: 'text' },
  operands: ['folder'],
  run,
};

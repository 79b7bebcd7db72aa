// `jifen vault ...`: keys of personal data and members who are erased, of a ledger that is being served. Owns: what is asked of the server, what is shown.
// Never touches: keys.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ROTATION_LEVELS } from '../../engine/index.js';
import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, askPages, askText, show } from './ask.js';

async function asked(given: Given, method: string, path: string, body?: object): Promise<number> {
  show((await ask(given, method, path, body)).body);
  return 0;
}

export const showVault: CliCommand = {
  help: `Usage: jifen vault show [options]

Shows the keys of personal data of a node, as JSON: can they be opened, where the
master key is, how many members have a key, how many were erased. Never a key.

${ASKING_END}`,
  options: ASKING,
  operands: [],
  run: (given) => asked(given, 'GET', '/v1/vault'),
};

export const rotate: CliCommand = {
  help: `Usage: jifen vault rotate [options]

Makes keys of a node anew while it serves. Of a cluster ask each node. Master keys in a
file are read again: put the new one on the line before the old one, rotate, take the
old one out.

  --level <level>        master: the root key, and what is under it, wrapped by the
                         master key as it is now (the default); shelves: the keys of
                         all shelves, too, and what members' keys are wrapped with;
                         members: each member's key, when something is next sealed
                         with it (jifen vault reseal seals all of it)
${ASKING_END}`,
  options: { ...ASKING, level: 'text' },
  operands: [],
  run: (given) => {
    const level = textOption(given, 'level') ?? 'master';
    if (!ROTATION_LEVELS.some((one) => one === level))
      throw new UsageError(`--level is one of ${ROTATION_LEVELS.join(', ')}`);
    return asked(given, 'POST', '/v1/vault/rotate', { level });
  },
};

export const copy: CliCommand = {
  help: `Usage: jifen vault copy <to> [options]

Copies the keys of a node to a new folder, wrapped and without the master key: a backup
has none of them. To restore, put the copy into the folder as member-keys. Who is erased
after it was made has a key in it: keep such copies for a short time.

${ASKING_END}`,
  options: ASKING,
  operands: ['to'],
  run: (given) => asked(given, 'POST', '/v1/vault/copy', { to: resolve(given.operands[0] ?? '') }),
};

export const reseal: CliCommand = {
  help: `Usage: jifen vault reseal [options]

Seals anew what is known of all members: what an older release sealed under secrets.key,
and what is under an older version of a member's key. Nothing stops; what is sealed
already is passed over, so it can be run again.

${ASKING_END}`,
  options: ASKING,
  operands: [],
  run: async (given) => {
    let [members, resealed] = [0, 0];
    for (let cursor: unknown; ; ) {
      const { body } = await ask(given, 'POST', '/v1/vault/reseal', {
        ...(cursor !== undefined && { cursor }),
      });
      members += Number(body['members']);
      resealed += Number(body['resealed']);
      cursor = body['cursor'];
      if (cursor === undefined) break;
    }
    show({ members, resealed });
    return 0;
  },
};

const versionsPath = ({ operands }: Given): string =>
  `/v1/members/${encodeURIComponent(operands[0] ?? '')}/key-versions`;

export const versions: CliCommand = {
  help: `Usage: jifen vault versions <member> [options]

Shows the versions of a member's key, as JSON, and what is sealed with each of what is
kept now.

${ASKING_END}`,
  options: ASKING,
  operands: ['member'],
  run: (given) => asked(given, 'GET', versionsPath(given)),
};

export const revoke: CliCommand = {
  help: `Usage: jifen vault revoke <member> <version> [options]

Destroys an older version of a member's key, where others may know it. Nothing that is
kept may be sealed with it (jifen vault reseal), and the next one has sealed for an hour.
What the log alone has of it opens no more.

${ASKING_END}`,
  options: ASKING,
  operands: ['member', 'version'],
  run: (given) => {
    const [, version = ''] = given.operands;
    if (!/^[1-9]\d{0,4}$/.test(version)) throw new UsageError('the version is a whole number');
    return asked(given, 'DELETE', `${versionsPath(given)}/${version}`);
  },
};

const erasePath = (owner: string): string => `/v1/members/${encodeURIComponent(owner)}/erasure`;

export const erase: CliCommand = {
  help: `Usage: jifen vault erase <member> [options]

Erases what is known of the person behind a member. It cannot be undone. Points and
entries stay under its name.

  --reason <text>        why. Never a name: it stays
  --id <id>              the id to do it under: the same again changes nothing.
                         Default: one is made, and shown
${ASKING_END}`,
  options: { ...ASKING, reason: 'text', id: 'text' },
  operands: ['member'],
  run: async (given) => {
    const [owner = ''] = given.operands;
    const id = textOption(given, 'id') ?? `CLI:${randomUUID()}`;
    const reason = textOption(given, 'reason');
    process.stderr.write(`Act ${id}\n`);
    await ask(given, 'POST', erasePath(owner), { id, ...(reason !== undefined && { reason }) });
    return asked(given, 'GET', erasePath(owner));
  },
};

export const erasures: CliCommand = {
  help: `Usage: jifen vault erasures [options]

Lists members who were erased, as JSON; with --apply erases those of such a list again,
after an older backup and older keys were restored.

  --requested            those who have asked for it, and nobody has decided
  --apply <file>         a list that was shown before
${ASKING_END}`,
  options: { ...ASKING, requested: 'flag', apply: 'text' },
  operands: [],
  run: async (given) => {
    const file = textOption(given, 'apply');
    if (file !== undefined) return applied(given, file);
    const state = given.options['requested'] === true ? 'requested' : 'erased';
    show({ erasures: await askPages(given, `/v1/erasures?state=${state}`, 'erasures') });
    return 0;
  },
};

/** Erases again. */
async function applied(given: Given, file: string): Promise<number> {
  const { erasures: all } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly erasures?: readonly { readonly owner?: unknown }[];
  };
  if (!Array.isArray(all)) throw new UsageError(`${file} is no list of erasures`);
  for (const { owner } of all)
    await ask(given, 'POST', erasePath(String(owner)), { id: 'erased-before' });
  show({ erased: all.length });
  return 0;
}

export const exportMember: CliCommand = {
  help: `Usage: jifen member export <member> [options]

Writes all that is kept of a member to stdout, in lines of JSON, each with its type.

${ASKING_END}`,
  options: ASKING,
  operands: ['member'],
  run: async (given) => {
    const path = `/v1/members/${encodeURIComponent(given.operands[0] ?? '')}/export`;
    process.stdout.write(await askText(given, path));
    return 0;
  },
};

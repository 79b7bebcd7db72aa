#!/usr/bin/env node
// The command line: `jifen <command>`. Owns: which commands there are, exit codes. Never touches:
// what a command does.
//   C1. Exit codes: 0 done; 1 it failed, or `verify` found something; 2 wrong arguments; 70 a fatal
//       error of the ledger.
//   C2. What a command was asked for goes to stdout, everything else (progress, errors) to stderr.

import { type CliCommand, readArguments, UsageError } from './cli/arguments.js';
import { version } from './version.js';

const COMMANDS: Readonly<Record<string, () => Promise<CliCommand>>> = {
  start: async () => (await import('./cli/start.js')).start,
  verify: async () => (await import('./cli/verify.js')).verify,
  rebuild: async () => (await import('./cli/rebuild.js')).rebuild,
  inspect: async () => (await import('./cli/inspect.js')).inspect,
  backup: async () => (await import('./cli/backup.js')).backup,
  stop: async () => (await import('./cli/stop.js')).stop,
  'cluster nats': async () => (await import('./cli/cluster-nats.js')).nats,
  'platform add': async () => (await import('./cli/platform.js')).add,
  'platform list': async () => (await import('./cli/platform.js')).list,
  'platform rotate': async () => (await import('./cli/platform.js')).rotate,
  'platform disable': async () => (await import('./cli/platform.js')).disable,
  'platform enable': async () => (await import('./cli/platform.js')).enable,
  'key add': async () => (await import('./cli/key.js')).add,
  'key list': async () => (await import('./cli/key.js')).list,
  'key revoke': async () => (await import('./cli/key.js')).revoke,
  user: async () => (await import('./cli/user.js')).user,
  transfer: async () => (await import('./cli/user.js')).transfer,
};

const USAGE = `jifen: a points ledger in one process.

Usage: jifen <command> [options]

  start                    serve a data folder over HTTP; makes the folder where there is none
  verify <folder>          check every block, balance and invariant of a data folder
  rebuild <folder>         make a folder's state anew from its log
  inspect <folder>         show a block or an account in readable form
  backup <folder> <to>     copy a data folder, also while it is being served
  stop <folder>            stop the server that has a data folder open
  cluster nats <file>      print the NATS users of a cluster's nodes

These ask the server that has the folder open (--folder, default jifen-data):

  platform add|list|rotate|disable|enable    platforms and their secrets
  key add|list|revoke                        keys of operators
  user <id>                                  a user's points and identities
  transfer <from> <to> <amount> --asset <a>  move points

  jifen <command> --help   what a command does, its options, their defaults, exit codes
  jifen --version          the version
`;

/** A command's name: one word, or two where the first one is of a group. */
function nameOf([first = '', second]: readonly string[]): string {
  const isGroup = Object.keys(COMMANDS).some((name) => name.startsWith(`${first} `));
  return isGroup && second !== undefined ? `${first} ${second}` : first;
}

async function main(args: readonly string[]): Promise<number> {
  const [name] = args;
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE);
    return name === undefined ? 2 : 0;
  }
  const full = nameOf(args);
  const load = Object.hasOwn(COMMANDS, full) ? COMMANDS[full] : undefined;
  if (load === undefined) {
    throw new UsageError(`there is no command "${full}"; jifen --help names them`);
  }
  const command = await load();
  try {
    const given = readArguments(command, args.slice(full.split(' ').length));
    if (given === 'help') {
      process.stdout.write(command.help);
      return 0;
    }
    return await command.run(given, version());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} (see jifen ${full} --help)`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`jifen: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

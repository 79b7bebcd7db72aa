// The command line: `jifen <command>`. Owns: which commands there are, exit codes. Never touches:
// what a command does.
//   gateway.C1. Exit codes: 0 done; 1 it failed, or `verify` found something; 2 wrong arguments (but of `plan`: there are changes); 70 a fatal
//       error of the ledger.
//       A command's output that could not be written makes 0 into 1 (cli/output.ts).
//   gateway.C2. What a command was asked for goes to stdout, everything else (progress, errors) to stderr.

import { type CliCommand, readArguments, UsageError } from './cli/arguments.js';
import { guardOutput } from './cli/output.js';
import { version } from './version.js';

const COMMANDS: Readonly<Record<string, () => Promise<CliCommand>>> = {
  start: async () => (await import('./cli/start.js')).start,
  verify: async () => (await import('./cli/verify.js')).verify,
  rebuild: async () => (await import('./cli/rebuild.js')).rebuild,
  segments: async () => (await import('./cli/segments.js')).segments,
  fsck: async () => (await import('./cli/fsck.js')).fsck,
  inspect: async () => (await import('./cli/inspect.js')).inspect,
  simulate: async () => (await import('./cli/simulate.js')).simulate,
  backup: async () => (await import('./cli/backup.js')).backup,
  stop: async () => (await import('./cli/stop.js')).stop,
  'cluster status': async () => (await import('./cli/cluster-status.js')).status,
  'cluster nats': async () => (await import('./cli/cluster-nats.js')).nats,
  'platform add': async () => (await import('./cli/platform.js')).add,
  'platform list': async () => (await import('./cli/platform.js')).list,
  'platform rotate': async () => (await import('./cli/platform.js')).rotate,
  'platform disable': async () => (await import('./cli/platform.js')).disable,
  'platform enable': async () => (await import('./cli/platform.js')).enable,
  'key add': async () => (await import('./cli/key.js')).add,
  'key list': async () => (await import('./cli/key.js')).list,
  'key revoke': async () => (await import('./cli/key.js')).revoke,
  'operator add': async () => (await import('./cli/operator.js')).add,
  'operator list': async () => (await import('./cli/operator.js')).list,
  'operator show': async () => (await import('./cli/operator.js')).shown,
  'operator change': async () => (await import('./cli/operator.js')).change,
  'operator remove': async () => (await import('./cli/operator.js')).remove,
  'operator invite': async () => (await import('./cli/operator.js')).invite,
  'operator sessions': async () => (await import('./cli/operator.js')).sessions,
  'operator sign-out': async () => (await import('./cli/operator.js')).signOut,
  'role list': async () => (await import('./cli/operator.js')).roles,
  'role show': async () => (await import('./cli/operator.js')).showRole,
  'role set': async () => (await import('./cli/operator.js')).setRole,
  'role remove': async () => (await import('./cli/operator.js')).removeRole,
  'oauth-client add': async () => (await import('./cli/oauth-client.js')).add,
  'oauth-client list': async () => (await import('./cli/oauth-client.js')).list,
  'oauth-client show': async () => (await import('./cli/oauth-client.js')).shown,
  'oauth-client rotate': async () => (await import('./cli/oauth-client.js')).rotate,
  'oauth-client disable': async () => (await import('./cli/oauth-client.js')).disable,
  'oauth-client enable': async () => (await import('./cli/oauth-client.js')).enable,
  'oauth-client remove': async () => (await import('./cli/oauth-client.js')).remove,
  'webhooks add': async () => (await import('./cli/webhook.js')).add,
  'webhooks list': async () => (await import('./cli/webhook.js')).list,
  'webhooks show': async () => (await import('./cli/webhook.js')).showOne,
  'webhooks change': async () => (await import('./cli/webhook.js')).change,
  'webhooks rotate': async () => (await import('./cli/webhook.js')).rotate,
  'webhooks pause': async () => (await import('./cli/webhook.js')).pause,
  'webhooks resume': async () => (await import('./cli/webhook.js')).resume,
  'webhooks test': async () => (await import('./cli/webhook.js')).test,
  'webhooks replay': async () => (await import('./cli/webhook.js')).replay,
  'webhooks remove': async () => (await import('./cli/webhook.js')).remove,
  'webhooks letters': async () => (await import('./cli/webhook.js')).letters,
  'webhooks retry': async () => (await import('./cli/webhook.js')).retry,
  'webhooks drop': async () => (await import('./cli/webhook.js')).drop,
  'channels add': async () => (await import('./cli/notices.js')).add,
  'channels list': async () => (await import('./cli/notices.js')).list,
  'channels show': async () => (await import('./cli/notices.js')).showOne,
  'channels change': async () => (await import('./cli/notices.js')).change,
  'channels pause': async () => (await import('./cli/notices.js')).pause,
  'channels resume': async () => (await import('./cli/notices.js')).resume,
  'channels preview': async () => (await import('./cli/notices.js')).preview,
  'channels test': async () => (await import('./cli/notices.js')).test,
  'channels remove': async () => (await import('./cli/notices.js')).remove,
  'channels letters': async () => (await import('./cli/notices.js')).letters,
  'channels retry': async () => (await import('./cli/notices.js')).retry,
  'channels drop': async () => (await import('./cli/notices.js')).drop,
  'alert list': async () => (await import('./cli/alert.js')).list,
  'alert show': async () => (await import('./cli/alert.js')).showOne,
  'alert resolve': async () => (await import('./cli/alert.js')).resolve,
  'alert rules': async () => (await import('./cli/alert.js')).rules,
  'alert rule': async () => (await import('./cli/alert.js')).rule,
  'alert silences': async () => (await import('./cli/alert.js')).silences,
  'alert silence': async () => (await import('./cli/alert.js')).silence,
  'alert end-silence': async () => (await import('./cli/alert.js')).endSilence,
  'partner add': async () => (await import('./cli/partner.js')).add,
  'partner list': async () => (await import('./cli/partner.js')).list,
  'partner show': async () => (await import('./cli/partner.js')).showOne,
  'partner remove': async () => (await import('./cli/partner.js')).remove,
  'partner maintenance': async () => (await import('./cli/partner.js')).maintenance,
  'partner resume': async () => (await import('./cli/partner.js')).resume,
  'partner rotate': async () => (await import('./cli/partner.js')).rotate,
  'partner health': async () => (await import('./cli/partner.js')).health,
  'partner check': async () => (await import('./cli/partner-check.js')).check,
  'sandbox-partner': async () => (await import('./cli/sandbox-partner.js')).sandboxPartner,
  notices: async () => (await import('./cli/notices.js')).ofMember,
  'definition put': async () => (await import('./cli/definition.js')).put,
  'definition get': async () => (await import('./cli/definition.js')).get,
  'definition list': async () => (await import('./cli/definition.js')).list,
  'coupon generate': async () => (await import('./cli/coupon.js')).generate,
  'coupon codes': async () => (await import('./cli/coupon.js')).codes,
  'coupon show': async () => (await import('./cli/coupon.js')).coupon,
  'coupon list': async () => (await import('./cli/coupon.js')).list,
  'goods find': async () => (await import('./cli/mall.js')).findGoods,
  'goods show': async () => (await import('./cli/mall.js')).showGoods,
  'stock show': async () => (await import('./cli/mall.js')).stock,
  'stock add': async () => (await import('./cli/mall.js')).restock,
  'order show': async () => (await import('./cli/mall.js')).order,
  'order list': async () => (await import('./cli/mall.js')).orders,
  'order ship': async () => (await import('./cli/mall.js')).ship,
  'order complete': async () => (await import('./cli/mall.js')).complete,
  'order cancel': async () => (await import('./cli/mall.js')).cancel,
  'order confirm': async () => (await import('./cli/mall.js')).confirm,
  'codes upload': async () => (await import('./cli/codes.js')).upload,
  'codes withdraw': async () => (await import('./cli/codes.js')).withdraw,
  'codes count': async () => (await import('./cli/codes.js')).count,
  'card issue': async () => (await import('./cli/codes.js')).issue,
  'card show': async () => (await import('./cli/codes.js')).showCard,
  'card extend': async () => (await import('./cli/codes.js')).extend,
  audit: async () => (await import('./cli/audit.js')).audit,
  sql: async () => (await import('./cli/sql.js')).sql,
  'programme code': async () => (await import('./cli/programme.js')).code,
  import: async () => (await import('./cli/import.js')).importFiles,
  export: async () => (await import('./cli/configuration.js')).exportAll,
  plan: async () => (await import('./cli/configuration.js')).plan,
  apply: async () => (await import('./cli/configuration.js')).apply,
  approve: async () => (await import('./cli/configuration.js')).approve,
  'draw verify': async () => (await import('./cli/draw.js')).verify,
  'draw seeds': async () => (await import('./cli/draw.js')).seeds,
  'programme init': async () => (await import('./cli/programme.js')).init,
  'projections rebuild': async () => (await import('./cli/projections.js')).rebuild,
  'report list': async () => (await import('./cli/report.js')).list,
  'report show': async () => (await import('./cli/report.js')).showReport,
  'report save': async () => (await import('./cli/report.js')).save,
  'report schedules': async () => (await import('./cli/report.js')).schedules,
  'report schedule': async () => (await import('./cli/report.js')).schedule,
  'report run': async () => (await import('./cli/report.js')).run,
  'report remove': async () => (await import('./cli/report.js')).remove,
  leaderboard: async () => (await import('./cli/leaderboard.js')).leaderboard,
  exchange: async () => (await import('./cli/exchange.js')).exchange,
  'pending list': async () => (await import('./cli/exchange.js')).listPending,
  'pending show': async () => (await import('./cli/exchange.js')).showPending,
  'pending withdraw': async () => (await import('./cli/exchange.js')).withdrawPending,
  'rate show': async () => (await import('./cli/exchange.js')).showRate,
  'rate waiting': async () => (await import('./cli/exchange.js')).waitingRates,
  'rate set': async () => (await import('./cli/exchange.js')).setRate,
  'reserve show': async () => (await import('./cli/exchange.js')).showReserve,
  'reserve fund': async () => (await import('./cli/exchange.js')).fundReserve,
  'clearing show': async () => (await import('./cli/clearing.js')).showClearing,
  'clearing close': async () => (await import('./cli/clearing.js')).closeClearing,
  'clearing list': async () => (await import('./cli/clearing.js')).listClearing,
  'clearing statement': async () => (await import('./cli/clearing.js')).statementFile,
  'clearing verify': async () => (await import('./cli/clearing.js')).verifyStatement,
  'clearing rotate': async () => (await import('./cli/clearing.js')).newKey,
  'privacy consents': async () => (await import('./cli/privacy.js')).consents,
  'privacy consent': async () => (await import('./cli/privacy.js')).consent,
  'privacy disclosures': async () => (await import('./cli/privacy.js')).disclosures,
  'privacy anonymous-id': async () => (await import('./cli/privacy.js')).anonymousId,
  'privacy retention': async () => (await import('./cli/privacy.js')).retention,
  'risk list': async () => (await import('./cli/risk.js')).list,
  'risk show': async () => (await import('./cli/risk.js')).showMember,
  'risk mark': async () => (await import('./cli/risk.js')).mark,
  'risk lift': async () => (await import('./cli/risk.js')).lift,
  'risk reviews': async () => (await import('./cli/risk.js')).reviews,
  'risk agree': async () => (await import('./cli/risk.js')).agree,
  'risk reject': async () => (await import('./cli/risk.js')).reject,
  'dispute list': async () => (await import('./cli/dispute.js')).list,
  'dispute show': async () => (await import('./cli/dispute.js')).showOne,
  'dispute settle': async () => (await import('./cli/dispute.js')).settle,
  'dispute reject': async () => (await import('./cli/dispute.js')).reject,
  'dispute reopen': async () => (await import('./cli/dispute.js')).reopen,
  'partner-exchange submit': async () => (await import('./cli/partner-exchange.js')).submit,
  'partner-exchange list': async () => (await import('./cli/partner-exchange.js')).list,
  'partner-exchange show': async () => (await import('./cli/partner-exchange.js')).showOne,
  'partner-exchange cancel': async () => (await import('./cli/partner-exchange.js')).cancel,
  'partner-exchange approve': async () => (await import('./cli/partner-exchange.js')).approve,
  'partner-exchange verdict': async () => (await import('./cli/partner-exchange.js')).verdict,
  reconcile: async () => (await import('./cli/reconcile.js')).reconcile,
  'reconciliation list': async () => (await import('./cli/reconcile.js')).listReconciliations,
  'reconciliation show': async () => (await import('./cli/reconcile.js')).showReconciliation,
  'inconsistency list': async () => (await import('./cli/reconcile.js')).listInconsistencies,
  'inconsistency show': async () => (await import('./cli/reconcile.js')).showInconsistency,
  'inconsistency resolve': async () => (await import('./cli/reconcile.js')).resolveInconsistency,
  'inconsistency dispute': async () => (await import('./cli/reconcile.js')).disputeInconsistency,
  search: async () => (await import('./cli/search.js')).search,
  'member list': async () => (await import('./cli/search.js')).members,
  'receipt get': async () => (await import('./cli/receipt.js')).get,
  'receipt verify': async () => (await import('./cli/receipt.js')).verify,
  'receipt compare': async () => (await import('./cli/receipt.js')).compare,
  'receipt keys': async () => (await import('./cli/receipt.js')).keys,
  'receipt accept': async () => (await import('./cli/receipt.js')).accept,
  'anchor set': async () => (await import('./cli/anchor.js')).set,
  'anchor deploy': async () => (await import('./cli/anchor.js')).deploy,
  'anchor status': async () => (await import('./cli/anchor.js')).status,
  'anchor compare': async () => (await import('./cli/anchor.js')).compare,
  'anchor root': async () => (await import('./cli/anchor.js')).root,
  'anchor link': async () => (await import('./cli/anchor.js')).link,
  'anchor unlink': async () => (await import('./cli/anchor.js')).unlink,
  'witness run': async () => (await import('./cli/witness.js')).run,
  'witness put': async () => (await import('./cli/witness.js')).put,
  'witness list': async () => (await import('./cli/witness.js')).list,
  'witness remove': async () => (await import('./cli/witness.js')).remove,
  'member merge': async () => (await import('./cli/member.js')).merge,
  'member unmerge': async () => (await import('./cli/member.js')).unmerge,
  'member show': async () => (await import('./cli/member.js')).showMerge,
  'member invite': async () => (await import('./cli/sign-in.js')).invite,
  'member sign-in': async () => (await import('./cli/sign-in.js')).signInState,
  'member sessions': async () => (await import('./cli/sign-in.js')).memberSessions,
  'member sign-out': async () => (await import('./cli/sign-in.js')).signOut,
  'member second-factor': async () => (await import('./cli/sign-in.js')).secondFactor,
  'member remove-second-factor': async () => (await import('./cli/sign-in.js')).removeSecondFactor,
  'member close': async () => (await import('./cli/sign-in.js')).closeSignIn,
  'member export': async () => (await import('./cli/vault.js')).exportMember,
  'record init': async () => (await import('./cli/record.js')).init,
  'record status': async () => (await import('./cli/record.js')).status,
  'record verify': async () => (await import('./cli/record.js')).verify,
  'vault show': async () => (await import('./cli/vault.js')).showVault,
  'vault rotate': async () => (await import('./cli/vault.js')).rotate,
  'vault copy': async () => (await import('./cli/vault.js')).copy,
  'vault reseal': async () => (await import('./cli/vault.js')).reseal,
  'vault versions': async () => (await import('./cli/vault.js')).versions,
  'vault revoke': async () => (await import('./cli/vault.js')).revoke,
  'vault erase': async () => (await import('./cli/vault.js')).erase,
  'vault erasures': async () => (await import('./cli/vault.js')).erasures,
  user: async () => (await import('./cli/user.js')).user,
  transfer: async () => (await import('./cli/user.js')).transfer,
};

const USAGE = `jifen: a points ledger in one process.

Usage: jifen <command> [options]

  start                    serve a data folder over HTTP; makes the folder where there is none
  verify <folder>          check every block, balance and invariant of a data folder
  rebuild <folder>         make a folder's state anew from its log
  projections rebuild <folder>   make what is kept beside the ledger anew from its log
  segments <folder>        list the sealed segments of its logs
  fsck <folder>            what a broken folder lacks, and what can be mended from where
  inspect <folder>         show a block or an account in readable form
  simulate --from <time>   a period's events decided again by other documents
  backup <folder> <to>     copy a data folder, also while it is being served
  stop <folder>            stop the server that has a data folder open
  cluster status <url>     who leads each node, who follows
  cluster nats <file>      print the NATS users of a cluster's nodes
  sandbox-partner          a partner outside to test against
  partner check <url>      does a partner outside keep the contract?

These ask the server that has the folder open (--folder, default jifen-data), or
the one at --url with the key in the file --key:

  platform add|list|rotate|disable|enable    platforms and their secrets
  key add|list|revoke                        keys of operators
  operator add|list|show|change|...          people who run the ledger
  role list|show|set|remove                  what they may
  oauth-client add|list|show|rotate|...      applications of the OAuth server
  webhooks add|list|show|...                 who is told what happens
  channels add|list|show|...                 by what members are told
  notices <member>                           what a member was sent
  alert list|show|resolve|rules|silence|...  what is wrong, and who is told
  partner add|list|show|maintenance|...      partners outside
  definition put|get|list                    what a programme decides by
  export|plan|apply|approve <folder>         definitions and assets as files
  programme init --sample                    a programme to begin with
  programme code                             what a referral code says
  leaderboard <board>                        who has earned most in a period
  report list|show|save|schedule|...         figures of the whole ledger, as JSON or files
  draw verify|seeds                          check a draw by its published seed
  coupon generate|codes|show|list            coupons and their codes
  goods find|show                            goods of the mall
  stock show|add                             pieces of goods of the mall
  order list|show|ship|complete|cancel|confirm  orders of the mall
  codes upload|withdraw|count                codes that goods are delivered as
  card issue|show|extend                     gift cards
  exchange <member> <from> <to> <amount>     points of one platform for another's
  pending list|show|withdraw                 exchanges that wait for points
  rate show|set|waiting                      rates of exchange
  reserve show|fund                          points that platforms give in exchange
  clearing show|close|list|statement|verify  what platforms owe each other
  dispute list|show|settle|reject|reopen     what platforms dispute of that
  partner-exchange submit|list|show|cancel   exchanges with partners outside
  reconcile <partner>                        a partner's operations against the ledger's
  reconciliation list|show                   what came of that
  inconsistency list|show|resolve|dispute    what does not agree with partners
  receipt get|verify|compare|keys|accept     what can be checked without the ledger
  witness run|put|list|remove                who cosigns its checkpoints
  anchor set|deploy|status|compare|...       roots and balances on a chain
  import <file>...                           another points system brought in
  search <text>                              a member, an order, a code: whatever is at hand
  member list                                members by name
  member merge|unmerge|show                  members made one, and two again
  risk list|show|mark|lift                   marks of risk on members
  risk reviews|agree|reject                  what they have wait for a review
  member invite|sign-in|sessions|...         members who sign in
  member export <member>                     all that is kept of a member
  vault show|rotate|copy|reseal|erase|...    personal data: keys, erasures
  privacy consents|disclosures|retention|... what is shared, who has seen it, how long
  record init|status|verify <url>            the log of record in PostgreSQL
  user <id>                                  a user's points and identities
  transfer <from> <to> <amount> --asset <a>  move points
  audit                                      who asked for what
  sql <question>                             ask the projections in SQL

  jifen <command> --help   what a command does, its options, their defaults, exit codes
  jifen --version          the version
`;

/** The commands of a group, e.g. of `platform`; none where it is no group. */
const groupOf = (first: string): readonly string[] =>
  Object.keys(COMMANDS).filter((name) => name.startsWith(`${first} `));

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

/** A command's name: one word, or two where the first one is of a group. */
function nameOf([first = '', second]: readonly string[]): string {
  return groupOf(first).length > 0 && second !== undefined ? `${first} ${second}` : first;
}

async function groupHelp(names: readonly string[]): Promise<string> {
  const helps = await Promise.all(names.map(async (name) => (await COMMANDS[name]?.())?.help));
  return helps.join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const [name, second] = args;
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  if (name === 'help' && second !== undefined) return main([...args.slice(1), '--help']);
  if (name === undefined || name === 'help' || isHelp(name)) {
    process.stdout.write(USAGE);
    return name === undefined ? 2 : 0;
  }
  const group = groupOf(name);
  if (group.length > 0 && isHelp(second)) {
    process.stdout.write(await groupHelp(group));
    return 0;
  }
  return runCommand(args, group);
}

async function runCommand(args: readonly string[], group: readonly string[]): Promise<number> {
  const full = nameOf(args);
  const load = Object.hasOwn(COMMANDS, full) ? COMMANDS[full] : undefined;
  if (load === undefined) {
    const known = group.length === 0 ? '' : ` (there are: ${group.join(', ')})`;
    throw new UsageError(`there is no command "${full}"${known}; jifen --help names them`);
  }
  const command = await load();
  try {
    const given = readArguments(command, args.slice(full.split(' ').length));
    if (given === 'help') {
      process.stdout.write(command.help);
      return 0;
    }
    const code = await command.run(given, version());
    serves = command.serves === true;
    return code;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} (see jifen ${full} --help)`, command.misused);
  }
}

const output = guardOutput();
let serves = false;
// Not before the end: what stdout says of itself comes after what was written to it.
process.on('exit', (code) => {
  if (code === 0 && !serves && !output.isWhole()) process.exitCode = 1;
});
/** Ends with the command. */
export default main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`jifen: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? error.exitCode : 1;
  },
);

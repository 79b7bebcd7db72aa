// Several command lines of the program, one after the other in one process, for such as only read their arguments: most of what a
// process of its own takes is its start. Given as JSON, a list of lists of arguments; what each said goes to stdout, as JSON.
// Owns: what the program finds of a process: arguments, stdout, stderr, exit code. Never touches: what it does with them.

const lines = JSON.parse(process.argv[2] ?? '[]') as string[][];
const { stdout, stderr } = process;
const write = stdout.write.bind(stdout);
// Each looks after them for itself.
for (const one of [process, stdout, stderr]) one.setMaxListeners(0);
const ended: { code: number; out: string; err: string }[] = [];
for (const [n, args] of lines.entries()) {
  const said = { code: 0, out: '', err: '' };
  const into = (where: 'out' | 'err') => (part: string | Uint8Array) => {
    said[where] += String(part);
    return true;
  };
  stdout.write = into('out');
  stderr.write = into('err');
  process.argv.splice(2, process.argv.length, ...args);
  // A module for each: the same file under another address.
  const main = (await import(`../../gateway/main.js?${n}`)) as { default: Promise<void> };
  await main.default;
  said.code = Number(process.exitCode);
  ended.push(said);
}
process.exitCode = 0;
write(JSON.stringify(ended));

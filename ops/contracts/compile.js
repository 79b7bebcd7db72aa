// Compiles JifenAnchor.sol into gateway/anchor/contract.ts: `node ops/contracts/compile.js`. Owns: the compiler's settings. Never touches: sources.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import solc from 'solc';

const SOURCE = 'JifenAnchor.sol';
const NAME = 'JifenAnchor';

/** The text of gateway/anchor/contract.ts. */
export function compiled(root = join(import.meta.dirname, '../..')) {
  const content = readFileSync(join(root, 'ops/contracts', SOURCE), 'utf8');
  const input = {
    language: 'Solidity',
    sources: { [SOURCE]: { content } },
    settings: {
      optimizer: { enabled: true, runs: 1_000 },
      // What many chains that are not Ethereum's own take, too.
      evmVersion: 'paris',
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  };
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input)));
  if (errors.length > 0) throw new Error(errors.map((one) => one.formattedMessage).join('\n'));
  const { abi, evm } = contracts[SOURCE][NAME];
  const lines = abi.map((one) => `  ${JSON.stringify(one)},\n`).join('');
  return `// The contract as it is compiled from ops/contracts/${SOURCE}: made by ops/contracts/compile.js. Never changed by hand.
// biome-ignore-all format: as the compiler tells it.

/** What can be asked of it. */
export const ABI: readonly object[] = [
${lines}];

/** What is deployed, the arguments of its constructor behind it. */
export const BYTECODE =
  '0x${evm.bytecode.object}';
`;
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(import.meta.dirname, '../../gateway/anchor/contract.ts'), compiled());

// The contract as tests ask it over a real RPC. Owns: encoding of calls. Never touches: the ledger's client.

import { decodeFunctionResult, encodeFunctionData } from 'viem';
import { ABI } from '../../gateway/anchor/contract.js';
import type { Anvil } from './anvil.js';

/** A platform's name, as the contract has it. */
export const word = (name: string): string =>
  `0x${Buffer.from(name).toString('hex').padEnd(64, '0')}`;

const dataOf = (functionName: string, args: readonly unknown[]): string =>
  encodeFunctionData({ abi: ABI, functionName, args } as never);

/** Reads of it, and transactions that the chain takes as somebody's. */
export const onChain = ({ ask }: Anvil, to: string) => ({
  async read(functionName: string, args: readonly unknown[]): Promise<any> {
    const data = await ask('eth_call', { to, data: dataOf(functionName, args) }, 'latest');
    return decodeFunctionResult({ abi: ABI, functionName, data } as never);
  },
  async by(
    chain: Anvil,
    from: string,
    functionName: string,
    args: readonly unknown[],
  ): Promise<void> {
    await chain.ask('anvil_impersonateAccount', from);
    const data = dataOf(functionName, args);
    await chain.ask('eth_sendTransaction', { from, to, data, gas: '0x100000' });
    await chain.ask('anvil_stopImpersonatingAccount', from);
  },
});

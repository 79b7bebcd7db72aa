// What a member signs in with is forgotten, or sealed anew. Owns: the order. Never touches: how accounts, letters and grants are kept.
//   signin.F1. Letters go first, so that none is used for an account that is gone; sessions and grants end before it goes.

import { keyVersionOf } from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { changeAccount, forgetAccount, readAccount, signInId } from './accounts.js';
import { forgetLetters, openAddress, sealAddress, sealedLetters } from './letters.js';
import type { Parts } from './parts.js';
import { resealedCodes } from './second-factor.js';
import { aboutLogin, loginOf } from './sessions.js';

/** Forgets all of it: account, login name, password, letters, sessions, what applications were given. */
export async function forgetSignIn(parts: Parts, owner: string): Promise<Refusal | undefined> {
  const { engine, grants, attempts } = parts;
  const member = signInId(owner);
  const account = await readAccount(engine, member);
  if (isRefusal(account)) return account;
  return (
    (await forgetLetters(engine, member)) ??
    (await grants.endAll(member)) ??
    (account && (await attempts.forget(engine, account.login.digest, parts.now))) ??
    (await forgetAccount(engine, member))
  );
}

/** What is kept of an owner here that is sealed: the account, and links that are good. */
export async function sealedSignIn(
  { engine }: Parts,
  owner: string,
): Promise<readonly string[] | Refusal> {
  const account = await readAccount(engine, signInId(owner));
  if (isRefusal(account)) return account;
  const letters = await sealedLetters(engine, signInId(owner));
  if (isRefusal(letters) || account === undefined) return letters;
  const secrets = [account.codes, account.newCodes].flatMap((one) => one?.sealed ?? []);
  return [account.login.sealed, account.address, ...secrets, ...letters];
}

/** Seals login name and address under the newest version of the member's key; was it another one before? */
export async function resealSignIn(parts: Parts, owner: string): Promise<Refusal | boolean> {
  const { engine, sealer } = parts;
  const account = await readAccount(engine, signInId(owner));
  if (account === undefined) return false;
  if (isRefusal(account)) return account;
  const login = await loginOf(parts, account);
  if (isRefusal(login)) return login;
  const to = await openAddress(sealer, owner, account.address);
  if (isRefusal(to)) return to;
  if (login === undefined) return false;
  const sealed = await sealer.concealOf(owner, login, aboutLogin(account.member));
  if (isRefusal(sealed)) return sealed;
  const address = await sealAddress(sealer, owner, to);
  if (isRefusal(address)) return address;
  const codes = await resealedCodes(parts, account);
  if (isRefusal(codes)) return codes;
  const secrets = [account.codes, account.newCodes].flatMap((one) => one?.sealed ?? []);
  const before = [account.login.sealed, account.address, ...secrets].map(keyVersionOf);
  if (before.every((version) => version === keyVersionOf(sealed))) return false;
  const change = { login: { ...account.login, sealed }, address, ...codes };
  const changed = await changeAccount(engine, account, change);
  return isRefusal(changed) ? changed : true;
}

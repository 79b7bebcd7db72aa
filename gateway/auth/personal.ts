// Attributes of events and members that say who somebody is (type `personal`), at rest. Owns: for which act they are sealed, how they are shown. Never touches:
// how texts are sealed (engine/vault/sealed-text.ts), definitions.
//   auth.A48. Its salt follows from what is sealed, for which act: so a repeat of an act is the same act (as auth.A40). Sealed as one attribute of one
//       member it opens as no other.

import { type AttributeTypes, isSealed } from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { RECEIVER_BYTES_MAX } from './receivers.js';
import type { Sealer } from './sealing.js';

type Values = Readonly<Record<string, unknown>>;

/** How the ledger knows what is sealed. */
const FORM = 's1.';

const about = (owner: string, name: string): string => `attribute ${name} ${owner}`;

/** Names of the attributes that are to be sealed. */
export const personalIn = (values: Values, types: AttributeTypes): readonly string[] =>
  Object.keys(values).filter((name) => Object.hasOwn(types, name) && types[name] === 'personal');

/** May it be sealed: is it a text that is not too long? */
export const isPersonalText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= RECEIVER_BYTES_MAX;

/** Values with some of them sealed, for the member's act of this id; undefined: there is no id yet, and no repeat of it. `version`: of the member's key. */
export async function sealPersonal(
  sealer: Sealer,
  {
    owner,
    id,
    version,
  }: { readonly owner: string; readonly id?: string | undefined; readonly version?: number },
  values: Values,
  names: readonly string[],
): Promise<Values | Refusal> {
  const sealed: Record<string, unknown> = { ...values };
  for (const name of names) {
    const once = id === undefined ? undefined : `${id} ${name}`;
    const text = String(values[name]);
    const one = await sealer.concealOf(owner, text, about(owner, name), { once, version });
    if (isRefusal(one)) return one;
    sealed[name] = FORM + one;
  }
  return sealed;
}

/** The same under the versions of the member's key but for the newest: an act that is asked for again is the act that was, whatever key is new since. */
export async function personalBefore(
  sealer: Sealer,
  { owner, id }: { readonly owner: string; readonly id: string | undefined },
  values: Values,
  names: readonly string[],
): Promise<readonly Values[] | Refusal> {
  const versions = await sealer.versionsOf(owner);
  if (isRefusal(versions)) return versions;
  const before: Values[] = [];
  for (const version of versions.slice(0, -1).reverse()) {
    const sealed = await sealPersonal(sealer, { owner, id, version }, values, names);
    if (isRefusal(sealed)) return sealed;
    before.push(sealed);
  }
  return before;
}

/** Is there anything sealed among them? */
export const hasSealed = (values: Values): boolean => Object.values(values).some(isSealed);

/** Values as they are shown: what is sealed as `show` has it; null: the member is erased, or it is somebody else's. */
export async function openPersonal(
  sealer: Sealer,
  owner: string,
  values: Values,
  show: (text: string) => string = (text) => text,
): Promise<Values | Refusal> {
  const names = Object.keys(values).filter((name) => isSealed(values[name]));
  const sealed = names.map((name) => ({
    owner,
    sealed: String(values[name]).slice(FORM.length),
    about: about(owner, name),
  }));
  const opened = await sealer.revealOfAll(sealed);
  if (isRefusal(opened)) return opened;
  const shown = names.map((name, n) => {
    const text = opened[n];
    return [name, text === undefined ? null : show(text)] as const;
  });
  return { ...values, ...Object.fromEntries(shown) };
}

// Codes of coupons as people type them. Owns: letters, length, the check character, which campaign a code is of. Never touches: whether a code is good.
//   protocol.C1. Codes are the same with and without case, spaces and dashes; no two letters of a single code look alike.
//   protocol.C2. One wrong character of a single code is always found by its check character (ISO 7064, MOD 31,30).
// A single code: campaign (4) | serial, or the beginning of what was drawn (6) | proof (9) | check (1). A shared code is its campaign's key.

/** None of 0, O, 1, I, L, U. */
export const COUPON_LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE = COUPON_LETTERS.length;
const CAMPAIGN_LENGTH = 4;
const SERIAL_LENGTH = 6;
/** Characters that are drawn: 30^9, 44 bits. */
const PROOF_LENGTH = 9;
const BODY_LENGTH = SERIAL_LENGTH + PROOF_LENGTH;
const CODE_LENGTH = CAMPAIGN_LENGTH + BODY_LENGTH + 1;
/** Serials begin with a letter of the first half, codes that are drawn when they are issued with one of the second. */
const HALF = BASE / 2;
/** How many codes a campaign may have: their first letter is then of the first half. */
export const COUPON_CODES_MAX = 100_000_000;

/** What a code may be typed as. */
export const TYPED_PATTERN = '^(?:[A-Za-z0-9][ -]?){3,20}$';
const TYPED = new RegExp(TYPED_PATTERN);
const SINGLE = new RegExp(`^[${COUPON_LETTERS}]{${CODE_LENGTH}}$`);
const SINGLE_KEY = new RegExp(`^[${COUPON_LETTERS}]{${CAMPAIGN_LENGTH}}$`);
const SHARED = /^[A-Z0-9]{3,16}$/;

/** Can codes of a campaign begin with this? */
export const isSingleKey = (key: string): boolean => SINGLE_KEY.test(key);
/** Can this be a code for all? */
export const isSharedCode = (code: string): boolean => SHARED.test(code);

/** A code, read. */
export interface CouponCode {
  /** As it is kept: upper case, without spaces and dashes. */
  readonly code: string;
  /** The key of its campaign. */
  readonly campaign: string;
  /** `shared`: the code is the campaign's; `numbered`: it has a serial; `drawn`: it was made when it was issued. */
  readonly form: 'shared' | 'numbered' | 'drawn';
  /** Of a numbered one. */
  readonly serial: number;
}

/** The check character of a text: ISO 7064, hybrid system MOD 31,30. */
export function checkOf(text: string): string {
  let product = BASE;
  for (const letter of text) {
    const sum = (product + COUPON_LETTERS.indexOf(letter)) % BASE || BASE;
    product = (sum * 2) % (BASE + 1);
  }
  return COUPON_LETTERS[(BASE + 1 - product) % BASE] as string;
}

/** Why a text is no code: it cannot be one, or somebody has mistyped it. */
export type CodeProblem = 'malformed' | 'mistyped';

/** Reads a code as it was typed. */
export function couponCodeOf(typed: unknown): CouponCode | CodeProblem {
  if (!isTypedCode(typed)) return 'malformed';
  const code = (typed as string).replace(/[ -]/g, '').toUpperCase();
  if (isSharedCode(code)) return { code, campaign: code, form: 'shared', serial: -1 };
  if (code.length !== CODE_LENGTH) return 'malformed';
  if (!SINGLE.test(code) || checkOf(code.slice(0, -1)) !== code.at(-1)) return 'mistyped';
  const campaign = code.slice(0, CAMPAIGN_LENGTH);
  let serial = 0;
  for (const letter of code.slice(CAMPAIGN_LENGTH, CAMPAIGN_LENGTH + SERIAL_LENGTH))
    serial = serial * BASE + COUPON_LETTERS.indexOf(letter);
  const isDrawn = COUPON_LETTERS.indexOf(code[CAMPAIGN_LENGTH] as string) >= HALF;
  return { code, campaign, form: isDrawn ? 'drawn' : 'numbered', serial: isDrawn ? -1 : serial };
}

/** May somebody have typed this as a code? Whether it is one, the act says. */
export const isTypedCode = (typed: unknown): boolean =>
  typeof typed === 'string' && TYPED.test(typed);

/** So many letters, each out of two bytes. */
export function lettersOf(digest: Uint8Array, count: number): string {
  let text = '';
  for (let i = 0; i < count; i++)
    text +=
      COUPON_LETTERS[(((digest[2 * i] as number) << 8) | (digest[2 * i + 1] as number)) % BASE];
  return text;
}

const whole = (text: string): string => text + checkOf(text);

/** A digest of a text, under a key that nobody else has. */
type Proof = (text: string) => Uint8Array;

/** The code of a campaign with this serial. */
export function numberedCode(campaign: string, serial: number, proof: Proof): string {
  let digits = '';
  for (let rest = serial, i = 0; i < SERIAL_LENGTH; i++, rest = Math.floor(rest / BASE))
    digits = (COUPON_LETTERS[rest % BASE] as string) + digits;
  const digest = proof(`coupon ${campaign} ${serial}`);
  return whole(campaign + digits + lettersOf(digest, PROOF_LENGTH));
}

/** The code that is issued for something, whose name nothing else has. */
export function drawnCode(campaign: string, name: string, proof: Proof): string {
  const digest = proof(`coupon ${campaign} for ${name}`);
  const first = COUPON_LETTERS[HALF + ((digest[31] as number) % HALF)] as string;
  return whole(campaign + first + lettersOf(digest, BODY_LENGTH - 1));
}

/** Which key the codes of a campaign were made with: it says nothing about the key. */
export const couponKeyId = (campaign: string, proof: Proof): string =>
  [...proof(`coupon key ${campaign}`).subarray(0, 8)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

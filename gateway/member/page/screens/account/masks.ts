// Where a member is reached, as it is shown on a screen that others may see. Owns: what of it is shown; what is wrong with it. Never touches: where it is kept.

const EMAIL =
  /^[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,187}[A-Za-z0-9])?$/;
const PHONE = /^\+?[0-9]{5,15}$/;

/** As the API takes them: without the blanks that people write numbers with. */
export const plainPhone = (text: string): string => text.normalize('NFKC').replace(/[\s().-]/g, '');
export const isEmail = (text: string): boolean => EMAIL.test(text);
export const isPhone = (text: string): boolean => PHONE.test(plainPhone(text));

/** What is agreed to: by which type of channel, of which notices. */
export interface Consent {
  readonly type: string;
  readonly notices: string;
  readonly isGiven: boolean;
}

/** Ways in which members are told, and classes of what they are told. */
export const CHANNELS = ['email', 'sms'] as const;
export const CLASSES = ['service', 'marketing'] as const;
export type Channel = (typeof CHANNELS)[number];
export type NoticeClass = (typeof CLASSES)[number];

/** Is it agreed to? Where nothing was said, what is about what the member did is sent, and nothing else. */
export const isAgreed = (
  consents: readonly Consent[],
  type: Channel,
  notices: NoticeClass,
): boolean =>
  consents.find((one) => one.type === type && one.notices === notices)?.isGiven ??
  notices === 'service';

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger/, 'WeChat'],
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** A browser as people know it, out of what it says of itself: a hint and no proof. Undefined: it says nothing that is known. */
export function deviceOf(agent: string): string | undefined {
  const of = (all: typeof BROWSERS) => all.find(([says]) => says.test(agent))?.[1];
  const found = [of(BROWSERS), of(SYSTEMS)].filter((one) => one !== undefined);
  return found.length === 0 ? undefined : found.join(', ');
}

/** A scope as it is told: its word, and of which platform. */
export const scopesOf = (
  scope: string,
): readonly { word: string; platform: string | undefined }[] =>
  scope
    .split(' ')
    .filter(Boolean)
    .map((one) => {
      const [word = '', platform] = one.split(':');
      return { word, platform };
    });

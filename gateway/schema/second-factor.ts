// A member's second factor: what is sent and answered, what its routes say of themselves. Owns: these schemas and texts. Never touches: what is kept.

import type { RefusalCode } from '../../engine/index.js';
import { strict } from './commands.js';
import { type Description, described, OWNERS } from './description.js';
import { answer } from './outcomes.js';
import { Code, Password } from './sign-in.js';
import { Type } from './typebox.js';
import { NAME, oneOf, Time, User, whole } from './words.js';

const { Optional } = Type;

export const BeginBody = strict(
  { password: Password, code: Optional(Code) },
  { [NAME]: 'SecondFactorBegin' },
);
export const ConfirmBody = strict({ code: Code }, { [NAME]: 'SecondFactorConfirm' });
export const ProofBody = strict({ code: Code }, { [NAME]: 'SecondFactorProof' });
export const RecoveryBody = strict(
  { password: Password, code: Code },
  { [NAME]: 'RecoveryCodesRenewal' },
);
export const RemoveBody = strict(
  { password: Optional(Password), code: Optional(Code) },
  { [NAME]: 'SecondFactorRemoval' },
);

const State = answer('SecondFactor', {
  owner: User,
  state: oneOf(['none', 'waiting', 'on'], {
    description: 'waiting: a secret is to be confirmed by a code of it.',
  }),
  since: Optional(Time),
  recoveryCodes: Optional(
    whole(0, 100, { description: 'How many codes for who has lost the phone are left.' }),
  ),
});
const Begun = answer('NewSecondFactor', {
  secret: Type.String({ description: 'In base32, to be typed into a phone.' }),
  uri: Type.String({ description: '`otpauth://totp/...`' }),
  qr: Type.Object(
    { size: whole(1, 1_000), path: Type.String() },
    { description: 'The same as squares: an SVG path in a box of `size` by `size`.' },
  ),
  until: Time,
});
const Recovery = answer('RecoveryCodes', {
  recoveryCodes: Type.Array(Type.String(), {
    description: 'Each is good once in place of a code, for who has lost the phone: told here.',
  }),
});
const Proved = answer('SecondFactorProved', { owner: User, until: Time });
const Owner = answer('OfSecondFactor', { owner: User });

const call = described('signing in');
const ofMember = (...said: Parameters<typeof call>): Description => ({
  ...call(...said),
  path: { owner: User },
});
const OF_MEMBERS: readonly RefusalCode[] = [...OWNERS, 'OPERATION_FORBIDDEN', 'OWNER_FORBIDDEN'];
const TRIED: readonly RefusalCode[] = [
  ...OF_MEMBERS,
  ...(['SIGN_IN_NOT_FOUND', 'LOGIN_LATER', 'SIGN_IN_BUSY', 'CHANGED_MEANWHILE'] as const),
  ...(['CODE_WRONG', 'VAULT_CLOSED', 'MEMBER_ERASED'] as const),
];
const KNOWN: readonly RefusalCode[] = [...TRIED, 'PASSWORD_WRONG', 'CODE_REQUIRED'];

export const SECOND_FACTOR_DESCRIPTIONS = {
  state: ofMember('Whether a member has a second factor.', 200, State, OF_MEMBERS),
  begin: {
    ...ofMember(
      'Set up a second factor: a secret for one-time codes.',
      200,
      Begun,
      KNOWN,
      BeginBody,
    ),
    details:
      'It counts once a code of it confirms it, within 10 minutes. Where there is one already, it takes a code of that one.',
  },
  confirm: {
    ...ofMember(
      'The second factor counts from now on.',
      200,
      Recovery,
      [...TRIED, 'SECOND_FACTOR_NONE'],
      ConfirmBody,
    ),
    details:
      'Signing in takes a code from then on, and so does what risk stops with `SECOND_FACTOR_REQUIRED`. All other sessions end; this one has proved it.',
  },
  prove: {
    ...ofMember(
      'Prove the second factor in this session.',
      200,
      Proved,
      [...TRIED, 'SECOND_FACTOR_NONE', 'SESSION_ENDED'],
      ProofBody,
    ),
    details:
      'By a one-time code or a recovery code, each good once. Until `until` nothing that this session asks is refused `SECOND_FACTOR_REQUIRED`. For a session of the member’s own page, or of an embedded one: what an application asks is proved by nobody.',
  },
  renewRecovery: {
    ...ofMember(
      'Other recovery codes: those before are good no more.',
      200,
      Recovery,
      [...KNOWN, 'SECOND_FACTOR_NONE'],
      RecoveryBody,
    ),
  },
  remove: {
    ...ofMember(
      'Have no second factor any more.',
      200,
      Owner,
      [...KNOWN, 'SECOND_FACTOR_NONE'],
      RemoveBody,
    ),
    details:
      'By the member itself, who says password and code, or by an operator, for who has lost phone and recovery codes. All other sessions end.',
  },
} as const;

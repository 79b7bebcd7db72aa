// What acts of coupons are told. Owns: fields of their bodies. Never touches: decisions.

import { AMOUNT_MAX } from '../../limits.js';
import { isTypedCode, TYPED_PATTERN } from '../../protocol/coupon-code.js';
import { json } from '../../protocol/definition-fields.js';
import { whole } from '../../protocol/fields.js';

/** A code, as it was typed. */
export const code = () =>
  json<string>(
    { type: 'string', pattern: TYPED_PATTERN },
    isTypedCode,
    'The code as it was typed: with or without case, spaces and dashes.',
    'ACT_BODY_INVALID',
  );

/** Of the order that the coupon is for. */
export const orderAmount = () =>
  whole(0, AMOUNT_MAX, 'ACT_BODY_INVALID', 'What the order comes to, in minor units.');

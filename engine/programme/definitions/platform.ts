// The name of a platform, as definitions and acts have it.

import { json } from '../../protocol/definition-fields.js';
import { isPlatformName, SCOPE_PATTERN } from '../../protocol/scope.js';

const PLATFORM = { type: 'string', pattern: `^${SCOPE_PATTERN}$` } as const;

/** The name of a platform. */
export const platform = (
  code: 'DEFINITION_INVALID' | 'ACT_BODY_INVALID',
  about = 'The platform, by its id.',
) =>
  json<string>(
    PLATFORM,
    (value) => typeof value === 'string' && isPlatformName(value),
    about,
    code,
  );

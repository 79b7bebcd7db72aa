// What became known of a time zone after it was first written down.

import { ZONE_RULES_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { time, zone as zoneName } from '../../protocol/fields.js';
import { kind } from './kind.js';

export const zone = kind({
  name: 'zone',
  about: 'A newer table of a time zone, which its days follow from a time on. Made by the ledger.',
  by: 'engine',
  decides: {
    zone: zoneName(),
    /** Up to then days stay as they were. */
    from: time('DEFINITION_INVALID'),
    /** Which rules it was made by, e.g. `2026a`. */
    rules: words(ZONE_RULES_LENGTH_MAX, 'Which release of the time zone rules it was made by.'),
  },
  shows: {},
  zone: 'zone',
});

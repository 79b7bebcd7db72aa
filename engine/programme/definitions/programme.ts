// A programme: in which points it is, and in which zone its days are.

import { DEFINITION_DESCRIPTION_LENGTH_MAX, DEFINITION_NAME_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { asset, optional, zone } from '../../protocol/fields.js';
import { kind } from './kind.js';

/** What every kind may show. */
export const WORDS = {
  /** What it is called. */
  name: optional(words(DEFINITION_NAME_LENGTH_MAX, 'What it is called.')),
  /** What is told of it. */
  description: optional(words(DEFINITION_DESCRIPTION_LENGTH_MAX, 'What is told of it.')),
};

export const programme = kind({
  name: 'programme',
  about: 'A programme: the asset that its points are in, and the zone that its days are of.',
  decides: { asset: asset(), zone: zone() },
  shows: WORDS,
  zone: 'zone',
});

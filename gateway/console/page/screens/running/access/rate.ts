// Rates for people. Owns: how one is written.

import type { Rate } from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { ACCESS } from './words.js';

const t = speaker(ACCESS);

export const rateText = ({ limit, seconds }: Rate): string => t('rateOf', { n: limit, s: seconds });

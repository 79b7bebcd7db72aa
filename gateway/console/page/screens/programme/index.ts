// The screens of this area. Owns: which there are, their addresses and places in the navigation.

import type { ConsoleScreen } from '../../shell/screens.js';

export const PROGRAMME: readonly ConsoleScreen[] = [];

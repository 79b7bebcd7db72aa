// The screens of this area. Owns: which there are, their addresses and places in the navigation.

import type { ConsoleScreen } from '../../shell/screens.js';

export const MEMBERS: readonly ConsoleScreen[] = [];

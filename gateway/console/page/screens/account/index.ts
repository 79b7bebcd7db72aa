// What is of who is signed in, and the search. Owns: which screens there are, their addresses and places in the navigation.

import type { ConsoleScreen } from '../../shell/screens.js';

export const ACCOUNT: readonly ConsoleScreen[] = [];

// The entry of the thread that seals segments. Owns: that it yields to all others. Never touches: what it seals.

import { setPriority } from 'node:os';
import { sealNext } from './seal.js';

const NICE = 10;
if (process.platform === 'linux') setPriority(NICE);

export default sealNext;

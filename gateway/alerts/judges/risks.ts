// Marks of risk that rules have made of members of this node. Owns: when they are too many. Never touches: rules of risk, marks.

import type { Stats } from '../../../engine/index.js';
import type { Judge } from '../shapes.js';
import { SlidingWindow } from '../window.js';

/** `place`: what causes of this node are called by. */
export function surge(stats: () => Promise<Pick<Stats, 'risk'>>, place: string): Judge {
  const window = new SlidingWindow();
  return {
    ...{ rule: 'RISK_SURGE', of: 'node' },
    look: async ({ threshold = 0, windowMs = 0 }) => {
      const { risk } = await stats();
      const made = Object.values(risk?.found ?? {}).reduce((sum, one) => sum + one, 0);
      const [marks = 0] = window.grown(performance.now(), [made], windowMs);
      const cause = { subject: `${place}marks`, evidence: { marks, windowMs } };
      return { causes: marks > threshold ? [cause] : [] };
    },
  };
}

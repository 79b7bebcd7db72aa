// What GET /health answers. Owns: its shape. Never touches: what is judged how (health.ts).

import Type from 'typebox';
import type { Description } from '../../schema/description.js';
import { answer } from '../../schema/outcomes.js';

const status = Type.Union(
  (['ok', 'warning', 'degraded', 'down'] as const).map((one) => Type.Literal(one)),
);
const detail = Type.Optional(Type.String({ description: 'Why it is not ok.' }));
const Components = answer('Components', {
  status,
  detail,
  components: Type.Record(Type.String(), Type.Object({ status, detail })),
});

/** `GET /health`. */
export const componentsDescription: Description = {
  tag: 'operations',
  summary: 'How is each component?',
  details:
    'The worst of them is the status of all. `warning`: look at it; `degraded`: some of what is asked is refused or slow; `down`: nothing can be carried out.',
  answers: {
    200: { summary: 'It works, more or less.', schema: Components },
    503: { summary: 'It does not.', schema: Components },
  },
  refusals: [],
};

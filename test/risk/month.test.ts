// Rules, and the example of a score, on drawn months with planted frauds: how many are found, and who else.

import { readFileSync } from 'node:fs';
import t from 'tap';
import { riskRule, riskScore } from '../../engine/programme/definitions/index.js';
import { documentProblem, NOT_KNOWN } from '../../engine/programme/definitions/kind.js';
import { Watch } from '../../engine/risk/watch.js';
import {
  againIn,
  BEGAN,
  definitionsOf,
  drawnMonth,
  type Month,
  SAMPLE_RULES,
  SCHEMES,
} from './month.js';

const MEMBERS = 2_000;
export const EXAMPLE = new URL('../../../ops/risk/score.json', import.meta.url);
const example = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as Record<string, unknown>;

/** Who is found by a month's end, and by which definitions. */
function foundIn({ seen }: Month, definitions: ReturnType<typeof definitionsOf>) {
  const watch = new Watch({
    ...{ definitions, assets: ['points'], from: BEGAN, again: againIn(seen) },
    evidenceKey: new Uint8Array(32),
  });
  const found = new Map<string, Set<string>>();
  for (const one of seen) {
    watch.see(one, false);
    for (const { owner, body } of watch.found())
      found.set(owner, (found.get(owner) ?? new Set()).add(body.reason));
  }
  return found;
}

function figuresOf({ frauds, members }: Month, found: ReadonlyMap<string, ReadonlySet<string>>) {
  const recall = Object.fromEntries(
    SCHEMES.map((scheme) => {
      const all = [...frauds].filter(([, one]) => one === scheme);
      return [scheme, all.filter(([owner]) => found.has(owner)).length / all.length];
    }),
  );
  const alarms = [...found.keys()].filter((owner) => !frauds.has(owner)).length;
  const caught = [...frauds.keys()].filter((owner) => found.has(owner)).length;
  return {
    recall,
    alarms: alarms / members,
    whole: caught / frauds.size,
    precision: caught / found.size,
  };
}

t.test('the sample of rules finds what it is about', async (t) => {
  for (const document of Object.values(SAMPLE_RULES))
    t.equal(documentProblem(riskRule, document, 'key', NOT_KNOWN), null, document.reason);
  for (const seed of [11, 12]) {
    const month = drawnMonth(seed, MEMBERS);
    const found = foundIn(month, definitionsOf('risk-rule', SAMPLE_RULES));
    const { recall, alarms, whole, precision } = figuresOf(month, found);
    t.comment(
      `seed ${seed}: recall ${whole.toFixed(3)}, precision ${precision.toFixed(3)}, false alarms ${alarms.toFixed(4)} of members`,
    );
    for (const scheme of SCHEMES)
      t.ok((recall[scheme] ?? 0) >= 0.95, `${scheme}: ${recall[scheme]}`);
    // Offices of more than five at one address are what IP_MULTI_ACCOUNT cannot tell from a farm.
    t.ok(alarms < 0.04, `false alarms: ${alarms}`);
  }
});

t.test('the example of a score does with fewer false alarms', async (t) => {
  t.equal(documentProblem(riskScore, example, 'key', NOT_KNOWN), null);
  for (const seed of [11, 12]) {
    const month = drawnMonth(seed, MEMBERS);
    const found = foundIn(month, definitionsOf('risk-score', { example }));
    const { recall, alarms, whole, precision } = figuresOf(month, found);
    t.comment(
      `seed ${seed}: recall ${whole.toFixed(3)}, precision ${precision.toFixed(3)}, false alarms ${alarms.toFixed(4)} of members ${JSON.stringify(recall)}`,
    );
    t.ok(whole >= 0.9, `recall ${whole}`);
    t.ok(alarms < 0.02, `false alarms: ${alarms}`);
  }
});

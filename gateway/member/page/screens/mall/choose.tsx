// Which programme a screen is about. Owns: the choice, which stands in the address. Never touches: what there is in it.

import type { ComponentChildren, JSX } from 'preact';
import { speaker } from '../../../../web/page/shell/language.js';
import { ask, place } from '../../../../web/page/shell/router.js';
import { Empty, Field } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { type ProgrammeThere, programmeName, useWhere, type Where } from '../../shell/where.js';
import { MALL } from './words.js';

const t = speaker(MALL);

/** What a screen shows of the programme that was chosen; the first one where none was. */
export function InProgramme({
  isFit,
  none,
  children,
}: {
  /** Which programmes there is a choice of. */
  isFit: (one: ProgrammeThere) => boolean;
  /** What is said where there is none. */
  none: string;
  children: (programme: ProgrammeThere, where: Where) => ComponentChildren;
}): JSX.Element {
  const known = useWhere();
  return (
    <Answered known={known} lines={6}>
      {(where) => {
        const fit = where.programmes.filter(isFit);
        const chosen = fit.find(({ programme }) => programme === place.value.query['in']) ?? fit[0];
        if (chosen === undefined) return <Empty icon="mall">{none}</Empty>;
        return (
          <>
            {fit.length > 1 && (
              <Field
                label={t('programme')}
                value={chosen.programme}
                onInput={(programme) => ask({ in: programme })}
              >
                {fit.map((one) => (
                  <option key={one.programme} value={one.programme}>
                    {programmeName(one)}
                  </option>
                ))}
              </Field>
            )}
            {children(chosen, where)}
          </>
        );
      }}
    </Answered>
  );
}

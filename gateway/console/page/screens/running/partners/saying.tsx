// That a platform is a partner outside, said the first time. Owns: which platform. Never touches: what is said (parts/editor.tsx).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { putV1PartnersByPlatform } from '../../../../../web/page/api/operations.js';
import { NewPartner } from '../../../../../web/page/api/schemas.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { Once } from '../parts/doing.js';
import { Editor } from '../parts/editor.js';
import { COMMON } from '../parts/words.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);

export function PartnerSaying({ platforms }: { platforms: readonly string[] }): JSX.Element {
  const chosen = useSignal('');
  const platform = platforms.includes(chosen.value) ? chosen.value : (platforms[0] ?? '');
  return (
    <Editor
      label={t('partnerSay')}
      kind="main"
      title={t('partnerSay')}
      hint={
        <Field
          label={c('platform')}
          value={platform}
          onInput={(value) => {
            chosen.value = value;
          }}
        >
          {platforms.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </Field>
      }
      isReady={platform !== ''}
      schema={NewPartner}
      value={{}}
      operation={putV1PartnersByPlatform}
      asked={(body) => ({ path: { platform }, body })}
      shown={(made) =>
        'inboundToken' in made ? <Once label={t('token')} text={made.inboundToken} /> : undefined
      }
      onClose={(made) => made !== undefined && go(href('partners', made.platform))}
    />
  );
}

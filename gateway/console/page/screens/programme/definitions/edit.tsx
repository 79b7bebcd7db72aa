// A definition is changed.

import type { JSX } from 'preact';
import { getV1DefinitionsByKindByKey } from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Forbidden } from '../../../ui/forbidden.js';
import { Head } from '../../../ui/head.js';
import { Editor } from './editor.js';
import { kindName, mayDefine, operationOf } from './kinds.js';
import { useAround, useKindSchema } from './known.js';
import { documentOf, newestOf } from './standing.js';
import { DEFINITIONS } from './words.js';

const t = speaker(DEFINITIONS);

export default function Edit({ params }: ScreenProps): JSX.Element {
  const { kind = '', key = '' } = params;
  const known = useAnswer(getV1DefinitionsByKindByKey, { path: { kind: kind as never, key } });
  const schema = useKindSchema(kind);
  const around = useAround();
  if (!mayDefine(kind))
    return <Forbidden title={`${t('edit')}: ${key}`} needs={[operationOf(kind)]} />;
  return (
    <>
      <Head
        title={`${t('edit')}: ${key}`}
        crumbs={[
          { title: t('definitions'), href: href('definitions') },
          { title: kindName(kind), href: href('definitions', kind) },
          { title: key, href: href('definitions', kind, key) },
        ]}
      />
      <Answered known={known} lines={8}>
        {(history) => (
          <Answered known={schema}>
            {(of) => (
              <Editor
                {...{ kind, around }}
                key_={key}
                schema={of}
                newest={newestOf(history)}
                begin={documentOf(history)}
              />
            )}
          </Answered>
        )}
      </Answered>
    </>
  );
}

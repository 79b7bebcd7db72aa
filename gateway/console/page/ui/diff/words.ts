// What is said of a difference. Owns: those texts. Never touches: what differs.

import { table } from '../../../../web/page/words/words.js';

export const DIFF = table({
  en: {
    field: 'Field',
    before: 'Before',
    after: 'After',
    notThere: 'not there',
    same: 'There is no difference.',
    whole: 'The whole document',
  },
  zh: {
    field: '字段',
    before: '之前',
    after: '之后',
    notThere: '无',
    same: '没有差异。',
    whole: '整个文档',
  },
});

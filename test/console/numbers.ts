// Every number links to what explains it. Owns: which numbers of a screen do not, and which need not. Never touches: screens.

import type { Page } from 'playwright-core';

/** What need not: where (a selector), on which screens, and why. */
export const EXEMPT: readonly {
  readonly where: string;
  readonly screens?: readonly string[];
  readonly why: string;
}[] = [
  { where: 'a, button, tr:has(a)', why: 'It leads somewhere, by itself or with its row.' },
  { where: 'time', why: 'A time is no amount.' },
  { where: 'code, pre, details', why: 'Ids, and documents as they are.' },
  { where: 'input, select, textarea, label', why: 'Fields.' },
  {
    where: '[data-field]',
    why: 'A value of a document, as somebody said it: below are its versions.',
  },
  { where: '.foot, .muted, .note, nav', why: 'How many rows there are; sentences.' },
  { where: 'h1', why: 'What the screen is called.' },
  { where: 'dialog', why: 'A dialog is what explains: it was opened for that.' },
  { where: '.chart, .chart-table', why: 'A drawing of the rows below it.' },
  { where: '.progress', why: 'A drawing of the number beside it.' },
  { where: 'tr', screens: ['points', 'alert-rules', 'channel'], why: 'What somebody has set.' },
  { where: '*', screens: ['personal-data'], why: 'What somebody has set; keys are counted.' },
  { where: '*', screens: ['status'], why: 'What a process measures of itself.' },
  { where: 'table', screens: ['webhook', 'channel'], why: 'How far a process has read a log.' },
  {
    where: '*',
    screens: ['report', 'sql'],
    why: 'Rows are what explains, and say as of which block of the log.',
  },
  {
    where: '*',
    screens: ['definition', 'definition-edit', 'definition-new'],
    why: 'Versions, and what would be: nothing has happened by it.',
  },
  {
    where: '*',
    screens: ['simulation', 'simulations', 'correction'],
    why: 'What would have been: the sources and members that it is made of stand below.',
  },
  { where: 'table', screens: ['order'], why: 'As whoever sent the goods has told.' },
  {
    where: '*',
    screens: ['card', 'cards'],
    why: 'The API tells no entries of a card; what was paid with one stands with its order.',
  },
  { where: '*', screens: ['import'], why: 'As whoever brought it in has told.' },
  { where: '*', screens: ['rates', 'anchor', 'anchored-root'], why: 'Told by somebody else.' },
  {
    where: '*',
    screens: ['cycle', 'dispute', 'reconciliation', 'partner', 'partner-exchange', 'coalition'],
    why: 'Signed or told by a partner; the statement, and both sides, stand beside it.',
  },
];

const COLLECT = `(exempt) => {
  const main = document.querySelector('main');
  const screen = main.dataset.screen;
  const passed = exempt.filter(({ screens }) => screens === undefined || screens.includes(screen));
  const NUMBER = /^[(+\\u2212-]*[\\d][\\d,.]*\\)?(\\s?%|\\s[\\p{L}]{1,12})?$/u;
  const found = [];
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    const element = walk.currentNode.parentElement;
    if (!NUMBER.test(text) || !element.checkVisibility()) continue;
    if (passed.some(({ where }) => element.closest(where) !== null)) continue;
    const cell = element.closest('td, th');
    const heads = cell?.closest('table').querySelectorAll('thead th');
    const name = heads?.[cell.cellIndex]?.textContent ??
      element.closest('dl > div')?.querySelector('dt')?.textContent ?? element.className;
    found.push('no link explains ' + text + ' (' + name + ' on ' + screen + ')');
  }
  return [...new Set(found)];
}`;

/** Numbers that are shown now and lead to nothing that explains them: none is `[]`. */
export const unexplained = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(${COLLECT})(${JSON.stringify(EXEMPT)})`);

// Icons, drawn as lines in the colour of the text around them. Owns: their shapes.

import type { JSX } from 'preact';

const SHAPES = {
  home: 'M3 11.5 12 4l9 7.5M5.5 9.8V20h13V9.8M10 20v-6h4v6',
  earn: 'M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
  mall: 'M4 8h16l-1.2 12H5.2L4 8ZM8.5 8V6.5a3.5 3.5 0 0 1 7 0V8',
  history: 'M4 12a8 8 0 1 0 2.6-5.9M4 4v4h4M12 8v4.5l3 1.8',
  more: 'M4 7h16M4 12h16M4 17h16',
  tier: 'm12 3 2.6 5.6 6.1.7-4.5 4.2 1.2 6-5.4-3-5.4 3 1.2-6L3.3 9.3l6.1-.7L12 3Z',
  badge: 'M12 3a6 6 0 1 1 0 12 6 6 0 0 1 0-12ZM8.5 14 7 21l5-2.5L17 21l-1.5-7',
  lottery: 'M4 7h16v3.2a1.8 1.8 0 0 0 0 3.6V17H4v-3.2a1.8 1.8 0 0 0 0-3.6V7ZM14 7v10',
  share: 'M12 15V4M8 7.5 12 4l4 3.5M5 12v8h14v-8',
  gift: 'M4 9h16v4H4V9ZM6 13v7h12v-7M12 9v11M12 9C9 9 7 7.8 7.4 6S11 4.5 12 9c1-4.5 4.2-4.8 4.6-3S15 9 12 9Z',
  exchange: 'M4 8h13M13.5 4.5 17 8l-3.5 3.5M20 16H7M10.5 12.5 7 16l3.5 3.5',
  coupon: 'M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4V6ZM9 10h6M9 14h6',
  order: 'M6 3h12v18l-3-2-3 2-3-2-3 2V3ZM9 8h6M9 12h6',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15L6 17ZM10 20.5h4',
  lock: 'M6 11h12v9H6v-9ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20c.8-3.8 3.8-5.5 7.5-5.5s6.7 1.7 7.5 5.5',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  export: 'M12 4v11M8 11.5l4 3.5 4-3.5M5 19.5h14',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6 6 18',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  next: 'M9.5 5.5 16 12l-6.5 6.5',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.3 15.3 20 20',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16ZM12 8v4.5l3 1.8',
  offline:
    'M4 4l16 16M8.5 12.8A6 6 0 0 1 12 11.5M5 9.5a11 11 0 0 1 4-2.3M19 9.5a11 11 0 0 0-6-2.9M12 17.5h.01',
  calendar: 'M4 6h16v14H4V6ZM4 10h16M8 3.5V7M16 3.5V7',
  copy: 'M8 8h12v12H8V8ZM16 8V4H4v12h4',
  menu: 'M4 6.5h16M4 12h16M4 17.5h16',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M5.3 18.7 7 17M17 7l1.7-1.7',
  moon: 'M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z',
  contrast: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16ZM12 4v16M12 8h6.9M12 12h8M12 16h6.9',
  chart: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6M20 16V6',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  key: 'M8 8.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM12 11.5 20.5 4M16.5 7.5l3 3M14 9.8l2 2',
  shield: 'M12 3.5 19 6v6c0 4.2-2.8 7-7 8.5-4.2-1.5-7-4.3-7-8.500V6l7-2.500Z',
  pulse: 'M3 12h4l2.5-6 5 12 2.5-6h4',
  database:
    'M12 4c4.4 0 7 1.2 7 2.700S16.4 9.4 12 9.4 5 8.2 5 6.7 7.6 4 12 4ZM5 6.700v10.600C5 18.8 7.6 20 12 20s7-1.2 7-2.700V6.700M5 12c0 1.5 2.6 2.7 7 2.700s7-1.2 7-2.7',
  people:
    'M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM2.5 19.500c.6-3.3 3.1-5 6.5-5s5.9 1.7 6.5 5M15.5 5.300a3.5 3.5 0 0 1 0 6.500M17.5 14.700c2.2.6 3.6 2.2 4 4.8',
  flag: 'M6 21V4M6 4.500h11l-2 4 2 4H6',
  box: 'M4 8l8-4 8 4v8l-8 4-8-4V8ZM4 8l8 4 8-4M12 12v8',
  scale: 'M12 4v16M7 20h10M5 7h14M5 7l-2.5 6h5L5 7ZM19 7l-2.5 6h5L19 7Z',
  warn: 'M12 4 21 19.500H3L12 4ZM12 10v4.500M12 17h.01',
  play: 'M8 5.500v13l10.5-6.500L8 5.500Z',
  pause: 'M8.5 5.500v13M15.5 5.500v13',
  edit: 'M4 20l1-4L16 5l3 3L8 19l-4 1ZM14 7l3 3',
  plus: 'M12 5v14M5 12h14',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.300M19.5 4v4h-4',
  filter: 'M4 6h16M7 12h10M10 18h4',
  plug: 'M9 4v5M15 4v5M6.5 9h11v3a5.5 5.5 0 0 1-11 0V9ZM12 17.500V21',
  send: 'M4 12 20 4l-5 16-3.5-6.500L4 12Z',
  book: 'M5 5.500C7.5 4.3 10 4.3 12 6c2-1.7 4.5-1.7 7-.5V18.500c-2.5-1.2-5-1.2-7 .5-2-1.7-4.5-1.7-7-.5V5.500ZM12 6v13',
} as const;

export type IconName = keyof typeof SHAPES;

/** For the eye alone: what it means is said beside it. */
export const Icon = ({ name, size = 22 }: { name: IconName; size?: number }): JSX.Element => (
  <svg
    class="icon"
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d={SHAPES[name]} />
  </svg>
);

// All screens. Owns: their order, which is the navigation's. Each is loaded when it is first shown; the first one comes with the page.

import { speaker } from '../shell/language.js';
import type { Screen } from '../shell/screen.js';
import { SHELL, type TitleKey } from '../words/shell.js';
import Home from './home.js';

const t = speaker(SHELL);
const title = (key: TitleKey) => () => t(key);

export const SCREENS: readonly Screen[] = [
  {
    name: 'home',
    path: '',
    title: title('home'),
    icon: 'home',
    nav: 'tab',
    load: async () => ({ default: Home }),
  },
  {
    name: 'mall',
    path: 'mall',
    title: title('mall'),
    icon: 'mall',
    nav: 'tab',
    needs: 'read',
    load: () => import('./mall/mall.js'),
  },
  {
    name: 'goods',
    path: 'mall/:goods',
    title: title('mall'),
    icon: 'mall',
    nav: 'none',
    needs: 'read',
    load: () => import('./mall/goods.js'),
  },
  {
    name: 'orders',
    path: 'orders',
    title: title('orders'),
    icon: 'order',
    nav: 'more',
    needs: 'read',
    load: () => import('./mall/orders.js'),
  },
  {
    name: 'order',
    path: 'orders/:order',
    title: title('order'),
    icon: 'order',
    nav: 'none',
    needs: 'read',
    load: () => import('./mall/order.js'),
  },
  {
    name: 'coupons',
    path: 'coupons',
    title: title('coupons'),
    icon: 'coupon',
    nav: 'more',
    needs: 'read',
    load: () => import('./mall/coupons.js'),
  },
  {
    name: 'gift',
    path: 'gift',
    title: title('gift'),
    icon: 'gift',
    nav: 'more',
    needs: 'transfer',
    load: () => import('./give/gift.js'),
  },
  {
    name: 'exchange',
    path: 'exchange',
    title: title('exchange'),
    icon: 'exchange',
    nav: 'more',
    needs: 'transfer',
    load: () => import('./give/exchange.js'),
  },
  {
    name: 'partner-exchange',
    path: 'exchange/:exchange',
    title: title('exchange'),
    icon: 'exchange',
    nav: 'none',
    needs: 'read',
    load: () => import('./give/partner-exchange.js'),
  },
  {
    name: 'more',
    path: 'more',
    title: title('more'),
    icon: 'more',
    nav: 'tab',
    load: () => import('./more.js'),
  },
];

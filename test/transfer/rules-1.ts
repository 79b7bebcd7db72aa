// The log of a folder of two shards that rules of version 1 wrote, when reserves had no entries: transfers, captures and reversals
// between shards, posted and refused. Owns: those bytes. Block 14 of shard 0 opens what its block 15 decides.
// The release before wrote them: ann (user3), cat (user4) on shard 0, bob (user0), eve (user1, closed), fay (user2) on shard 1. Their lots
// expire in 30 years. Ann pays bob 53, bob ann 20, ann eve 30 (refused); 15 of a hold of 40 are captured for bob, the 53 reversed; then, open
// in block 14: ann pays bob 11 and eve 7 (refused), cat fay 60, fay captures 5, and the capture of 15 is reversed.

import { unpacked } from './older-folder.js';

const SHARD_0 = [
  'tVkNUBTXHX8LHBwhyjVeZ85wtZeTnprgedwdBEzLPYlixI9IzIcgznDKKWQIXPhQq6U9c22+rJNLzKDVScSgREajJrXR2Dq+Ega1pq2JZEYSE5',
  'tOHZI6TbBSYy2tze6+t/f23T72DsyOc9y93f2///v/fv9PrwMASkuKcwUgAPGSP8Vr0AeqNlo89vXF4to4AEANGN21TRi3e3VDXTV4FyGE5YzD',
  '98S/NtW+AKQAAB4AAKQy6+pr0Cd+Bn/18ix2PUXaDICDH2529Ta+PWWOf/zpwicX/PK3W8N/rp7/umN3VdmXw2s//clfBN7ZAQSup5SzL6Nu6s',
  'lktbwAvisIewP+xvrp/vr6PQ8+NHvOQ8pPJF2dsLapqSWwp6Up0OiRDFV9pjh8teILAEDsPfeZ4vDQhoU2soEg/kuSvi7TAwKtgMxvpGVTcil7',
  'SEhgw0j6cOTx9mHkrlO+GbDm0vVFxdVwsfy1nHrftnDDEFmfp6xLBgEAtAaDaZ/snHb85LGnlj78+oKNfw8esV3o+Awd8FyrGO443dLOxdgIQS',
  'iK8b3f8PJzfEdPZizGJoLxSn8zjfFKf3Msxl4ZYyTtR7C7V9eLytU2hQ0MdoDch7Z4sGPl8fYZATtiy5vS5buffV86LADAl/63LWu2D5xYey7z',
  'hKVt2/jqFW9NtJdHXP42eH3ttBdTargYmSCwhRWMXACAo/iOnkxNjPYE/T+enisDJH+X0ZHdS/p0SeDkoaOUHi5sT4qrwIANbtCKUaFSqOJzqB',
  'SRdQMmrojKUgBAGiMX2IbuFM+LbX9CjYH0l5aL5Rmkw4hLdc4VEy/bcirrtpp/0FYxuWOjI7PLHai3lnc9/n7H4UvpU5N4tjZDEIraulKMwfim',
  'nkz2+FsFE7a0fNgeC0/7HleiuACslwlbTdRzcKQ8IWMRxQAuhTy/WafyGwMtk4pNilxEYpBqH97+HH+KKN9uiyrU3Oivb6ptnpkb9eBYrgz6xs',
  'qVgYU3+i6ufeZIWUP6c+czeu2bv/P9j79qO/bMvtDc6ncmPn/OxeWKBQIU5Uo1xRU9mbFcyZQQd8sonyleb/fcOdQOaGa4KWa4KWa4qLRoRhyW',
  'AS8knMnE1qvW4wx+J4oh5HDGDCMqzvAx1JSrPLycWTcq8kXZIV1OemPyIpcz7SrO+DS4o5IrccYlccYtrizuHLgvK8+Zuyd19ZWUvMjeHfsi+1',
  '76mb/v6nvPtryYHygKcmO5FQLwc4UzBVQs15OpGcu7GgOrWpoC1SRuRH/HxI5ciSGTVDG9INGYDorUMR0UIbKuG9PBv+L3U0VeunIgw12ZQcfO',
  'Nzc/cfKvlof/MfVQb8VklF118rYP6i43XK99wcTPnzYIXFGbz6BsridTI6ZTFpcUTOV5XBFE0j4mXHrMSNzWiJVI1nVsDcdq69+9lF+bcSqYff',
  '8bLUPrH+02HpzQMe320MaaJYu2H1lwsKx/HdfWdggWR22d9Y1+5/EdPZns6XcISZ01DXWYylSQmypT7rx0ZnnnLJxDBN36cbZsQ7gEqn6LNRaO',
  '6SEqlgncWDMbkfdJrBFwv2aI4b38HFUf0nKw7VPlo4o++e7Zfx8fGB7MmDGc9pvJ256cby4yeNbstxw+l7v7cG1JH5/n2RAEo7afIrYgxM91ZL',
  'LaviIkd630B5tbGgO0+TEectrJ7EaS/GT8zhQNfo9sk0KOTQpjbMKNKcFEeO4kPFeOVrO7t32+v3XGPTOX5def3hR6us/6SNXLey2verpzsn+/',
  'qjXIzf0OCA5Fbb1c5B++qSdTK6YoCo1cKwIn7Jm+Mz5sJFdBWC9SJy7HOT+J6x9O7AdOpPaTQiUXEz+n+6skvToRONV1orIPez3AqQEs0n4RZT',
  '9+jfHtcm7QN1bOPZLRfd+SLac2DM3p39X2yZ8OXf244sY7wfD6goip9bWw4X9Luf49FQL4C4Vzk6g8pieTtcJ2wdDVGFgTaGxScUjuOrpluQb8',
  '7CQNv07DtknX7iHoGv/IzXmfzortBWDSxT/2s+soFQtJYbGD1zRtruQtfJR5+ZPvMc7snHU4/7XyyrYuoe7L9JKfJpWUTv/1uIKsx+7a9TnXtn',
  'dD0B61bZ7Y7+KbejK1awSsEPZn1DNJz+TSfsRP8/T7OfXcA1YxfmqBJE7RfprC81OqP2P6OaStgJlZNyn7RSg/TdHp52KxHvTFi3Xy8+mnXgnP',
  'LQ0vO37Hh7e3X37iSuf2Gzte6N107Een/nngLf91Aw/rHAjOyliLOgyL8xw8KdGTyZ+neKjuzMPp2zOQumb3MDW7h1Ozp6HoPl5qHy/1vFf6dE',
  'vP/xDR+dutnSPchm5Ec5J6LJpeupUiLHpbHtylS/iPaT4k5lBVrHQgsq7bS5y9lkAMdtA9v4fW2zWqHsjK6G1FZP3W6m1l63IP0btmVPZeBNUz',
  'ykWIrBvwkHK0ejNysTzJ3l6A61CxTtw2qjrRy8nZ3vjrxITsbmZztpvkQ/FF+63Oh1ItpJEPgZOfD8/GFSPdpEf6LKEeyY719uFeqQyqz2NUzQ',
  'gF7gzcjog8MgMfGWe7gjMjB/NJxlkcwBwt98w98FXJpZs7+/OsH2WVGEv/W9pjujR+39yv12UP/+ei0ciL/U4IXE9LsV/UoVUAwIj7cz2ZvPmu',
  'R6dmd6jmu/HlCXrO4NGZM1ghIqrIScBLqcI6Jq1KfKmEbk/cOkc1M+3JCKlHbk/oWsmt1Ep2/byU6PxbzjVUjqnEv8lM0wpJHWhLZP4NHExf4+',
  'D0NRZm3azsFxnr/PsW5EJxRlU5qhmVFbFsJOu6M6ox5kKC/6a48F8E1TnPB9WxjvSZORAla+OvdiVFLiKxTb0PW68vhtp8cH7r+OvlZjIfGIhr',
  'PkB4i+t/RGb2ZPZuU86V2HzAzPiRmfN/6mVQoxaT7Zh0K+YDY601EvXH2FqD9IGzBQAKdXntVPdhqIrBw67YpyY5jj6Qmssw8xpOH7iAwSOK//',
  'nkMfaBcdY4F4q3FGz43nv9LY+uPjfhyqqv/5BT8MaE/UN9+/t2LXm19czC/wM=',
].join('');

const SHARD_1 = [
  'rVgNbFNVFD7t1o1pxoqpYVkaUgopC7LStSUs/Gx3A2QSmANRkKDsr2wQtjXrJqOKTgvIAiYS3HAmaPkZPypM4xIRUd7mZoTBrAQJRuIGBFglIA',
  'w2EkOivtv3c3v77l4LvmXLe++259zzne8759yBBmDBs3mZGuB/AP+Grjs5EHg71WH25vHvxgBABTza9aEmeX959boy+KFXZ1kp++DtJQv3vH1T',
  'mH+AeADIB4AE6n34dSeH/+tu+SCXfh+PnQIMfh+8MMW/tXnWPt/6w66kc5frGu8+3bF94fn1AzON3/Z6DzExAAT+dyQMeEcDwoKaTXqXl0Cv0R',
  'xyFddUZZRUl7Q+v2TuvCXSI4evA2iNx1Pnaq3zuGpsGLCynjzfvRVBEPxqQItt5agi/jKinjklzMTLJN0lyIHjvbDssd6H262X7nQkpsEV93x5',
  '9Pdx0ABwtaqpvDv46c1XfQ8qpxRcmX6k8fXBi72ZDwetfTPjbpyp6AdWrkYh6JdzpQeAQmFFzSYdVZMmYU81TkMmTkMhgYxegad8Vvi9x43IUw',
  'AdNgkwtSh4vWV37+rRk45sXNXQcsrYNn6b9bcJm/qO9SW82bGziR2jHgH4FGNUsxkZY9KeeirGpEePEdExZvzo3nBmx7SN7Zv3/X7O/PC2tVlX',
  '/lfe6PiStn1ZvtMvWGxaVowGBIVyjLx+84VFNZv0pnZpUlrdxRsyMnGcjp48r9mRdt8EXTasRmENSzF0H9Jh6NOEDKdxXakEv2X+NizAcfP7Sx',
  'G0ye/3zkg8EL5DPEepzSdksGtriqs8a2pn2EawKxkoRYxcIV6fDWoaJeyKGuW1sBwAEgVeSPs23U/j80bFc5KFHeaKQ4eh519l9w1kP9N+pn7M',
  '9Vu1J5KtHZWnh/am//yNvQo6rzV755+qYNbpVAR+mTP8Ho8JK2o2Fes0ZoOdYIadYIYtxA/MDAN3jNiHTciXltS8ALhOkRNOFF4PnZz4XieArY',
  'z1f478JNYixmEcIu0K9jDWdv7NUGD3qundnWs87WUv7h241PbeT9VLf9nS+Ot564ylNye4vOlMfRoRBGSsVxL6VLMZqU+9gHQoWIbKwIlIxUaX',
  'F1GXegG1lWq6DOVCzoG/iNLNKCTWp4YwXbJ6m2SXE3UT7oeuC4hT1qkB8b7ej6IOMHX5mFxZu3O2JSt48rlpX3/3Z3758Fsbj47NDCxIPb49vX',
  'Sq5UpKkK1LEwLTJokrbmImULOpUMsP17hW13lcZeH1fAigKwuzg1jHDJGfI+p6qOeNY9V1yMa1MUVo+m6FfsjQJQIYir4GQrZQA5OkrXbfC3S4',
  '56/dWn75bOL4r7TzWyuXv+EtzSrSPYVu7Bgcu5/dN80I/DLWLkKXajaVsC4tdtfW1bgorN3QlfGJJk5elXE9UFG9TkyNLaWTwwgzAbYiqm+6VP',
  'VppXSTzynr04jeJ/SpVeubEXZFPZZQ7/WSfRPRN7VM/Vuj75vuWDhjFTkjJWHywfzmuddh4ODxid0PfO+m1b/SlzUp8+JZ64VFO2/N6erTMzkz',
  'EYF7s8SZ2fw8KSyq2VTW52uuGg/FmWEEXeM+0ujkVUKLuPV3coJfkQuz1WcoKvcGRq7MOFcm6TypOkNxiv64ZUjZnxn3ggbJPnOG4pS4UMSzlu',
  'YCGh6BC4yaLc1SSRLI7Xf1uY27TrgPw+Kmj/c2+W8bLtcnVSZzLVePpnq/cO/nHStzwoIAtmBO8DPLHxoAvy60omqTMX87wvgQCJu/HUQ3dzDm',
  '7yeZZcSCyL4Q4YfqCw6qLzgYfSGR6c+IxJic+PNOxZicRExOwkfoO3bsYxbh4x985cwJPRcgsv7a6ZjC6q9duf7adWr114BIwUY4MZOCJZzIhZ',
  '8XbUznHswr8kplaHhimGZVzz0RdkUtr6D9SfYbojn3EHZV63dgOIb6bSHPPQ7x/yT8rFEW66wRk18jPWs4xPydjyp/BdS5tZBTxtcSY/4KUFT+',
  'qHOxUv5oHZH5sz9G/mi7GEcnzp+TPP9naaKZY6hexS2mcDRKOPZrYpljDMo4okLG+d+CkDaaOcbwv+FI26XmGLs4A+zWAOSqz4MUbgupZ5MUZ3',
  'pcDDNAhF0xTy8hVp6imgEIu6ozQOARZgB5LpTq9oTSti3Nqzcv+2xR/4ZrPT2J83b8fe3zKZPN25zxablfnq77Fw==',
].join('');

/** The blocks of each shard, in order. */
export const RULES_1_BLOCKS: readonly (readonly Uint8Array[])[] = [SHARD_0, SHARD_1].map(unpacked);

// The log of a folder of two shards from when the home owner of a transfer came from the order of its legs. Owns: those bytes.
// The release before wrote them: ann (user3), cat (user4) on shard 0, bob (user0), fay (user2) on shard 1. Each gets 1,000; then, under ids
// p1 .. p10: several pay (p1, p5 with a follow-up, `ORDER:o-7`, p10), one pays what is not under its id (p2), one is refused (p3), one pays
// with what the leg before brings (p4), two are paid (p6). The last block of shard 0 decides p10, which the one before opens.

import { unpacked } from './older-folder.js';

const SHARD_0 = [
  'zVh7UFRVGP8uC+xGohcFW8ua6w7hikq7CEhqu8dHqGG61ZhQGFisQgFuIEb2mGY0s4e4+MjI8oWaDFljbW8nr8PqMNDDrMyIYtPKHWpqtYEsa6x799',
  'y79969h3thmqnzB+yeu/c753y/3/m+3/ddAICb8mbYKYgBblAgjJATAsvbnJZVM7i5RAAog8GN56jEPcuWV5RCK8uy2E4ifsb9Z2TrAsQCwBwAiFfM',
  'y0fIyf31NG6erpyP5RcDmM8E12ZcbBmTM9zYPDH9j6a26uLSd3t8dafbDieNOOFI9FKkswMCulo8u/WfPQfxAy2byl12AU1Re5bWVpWyeOxD5TU1te',
  '69tTXu6km8Xz40BNkgv354H1Yth6INSPGdVfONMBjxU3zkFX4TBHukdRR268RPcaLvLvHDOVP5Pn9aAKhwnznSZ1168YeKIa8se/2ZzYsrfWu2/fz9',
  'yJ6mJywnbrn2LTImJgTMSlVMtGwODJOsfwmTHazyF8J/5n+ESRYAZD2W/eBdRebZ1uPGZ1vTMoozxuycdvLJE76Ve/JXm7wu2E/EhEbgWitiwtkK4S',
  'daNqMxSaGo3R67gAi+Hmip283jkRCesUVmknn/hvj9hHfEre/tN2YIIzXsg1A9kn2XYFQnwSie5EtIZYX3BX5zaJZwbAXA3sLD9Vs75yeM2WE5diGn',
  'wq6IURxvOMZjx99fHzv3lOGqovK+8b7qO35f9MzXw2PHZ3a1pYzMK7h3fNm6Sa4YElbJCI4/IWJVCwAFlD6bSu9tpejdHnsYIfDb+j+Ccj4L+bMGCT',
  'a3Xxqfqxbff0oLYwEjEWtJPMEclt9HEtaiXVbAWomV+vrq99Qry3aYdEvdbiEieAAgQcahkHNwHIoGQMmpjfu2dtxe6d+yanpZ2uW9w38xrn3h5bVj',
  'ejw7Sq7p9lY1x5qJnDIjgPUip+ZzeZvSZzOaU8N2ezLDsHfMWGVxtv9lA38OZkqmWqC28cyIi2IPxYkMbh/D8H7na3JFjg0ElVyhkXCH9HFFwCaS91',
  'TXEUcaUs8VycirgyvR8SbkBNtfUq44lftS50bIyXPDFuPJxL/oPXj3m3Pbq3pPNn5c9mOno8zhZr+0dB7KTztzdkPDkKeePkXUj6MR7NwsciNH4jct',
  'm4TcMIkULj4csS4qYFAs1pV4QzkqXn/Td+Oxee+EzvfWf7W/sWvfiHHWu3INC2yzpn5nXtFgT/mUzHsGga1RPNsUSSzVskk4W5b8bBIhck14KuslVO',
  '0udbsrsTr5E2cebl0KDPznKZp5zyHn2YX1Ct4lI+Fe6+O5g1XnOV4noNQqqQSem/h869VaL1TPKrWL+jqkecX9EwE1RjYU9jI8vCjzhZUvWh769oHb',
  'Uo7sqqyC4qFvLM7bXkm/92fvqHP7NgaJmsiCwLVD5EaNRBNp2SRwIxtTw+/gJ1ocvK8dnmyHncgaCrNGeiGi46TapVFoqhrdmgr7NrQeyX1tRsKdYX',
  'Rpqkhe09ZUdIf+fBjBXsh/2fj7moMfMW2VCT8tONfQOvOzm417EqHg+iuTCr1ll3ZtmxY4yRLjQCoC104Ra98/e1xH6bOpqqmyNTQV+Wj+mv+ILOsk',
  'msyH82yMZp7FWIWU8Wc0Eu7QwDRZ6LC+PGslaECzZp7luGfDZ6NU1rlc4uj+NdxgOEvI0xIOd7/avLrhp+YvWoZVLPzj+UxPOsTdkOSt+SAQc2ry2I',
  '/m89RV53AaAmaXyGEHd2ZKp021eDVoxoXXFXKZQ2+8ETWbkkuMWNv9O5pNyalUApcYBZfiQDVnETmaTtCeqbzdYD8cfX7IwdyyjHFUzNa4is7Pf20t',
  'ejp+6LSGy165mq6+4Zv791JBolazIvBGODCSC634iZZN5e63UElSBuwVfMnZS8K/GanS81O/X5GhvF8JFy51v1r/eFLe6Rbk8MwzTz133SNLDh2pvu',
  'fhMWcfnB3/iZmYn9MRuPaLZ83FuUWPTUJ+ziF39owqBYuRLZHsJ1fFF/FYGMVG5btRqrFDiAWCxr0zcKz2M++BRVfMjtufEGA2X7x0Zuy7oxLryr/d',
  'MOHz6YvdIaJvJiBgDoi+4XqwVkqfTdV8loPhZ/25g/WVVZJf5mjWcaPld6dI2YMziXpTVw9OaU8MLcr60IKEWMro6cFJ7Eo1TjTmXL7Qh3l5s2HoLb',
  'mGB7YPiSv0dfbUVpkWMke7iwrvNby1MD7wdnEJMf5nINj5joj5akkto2VTpYZvXnDrrBtvnbJ84mRJKd9hocE/k2eA5Dn/qWn5xMmSHCGRFzFREsTA',
  '+hn1dAhyOAoktf9qTc6Y5C+b6gk1ywRZT5CMrYlQE5kIfSIboQZLQ8HB9oloSwe59ic5TzlvCveJbJeJkJ0e5XvukVmH5jnyrNtdXW3U+gCzLct/3/',
  'EFBe+v6HO91kXuE9sQoE5ZL0CoibRsqsbcJo/dpqItMnmaxEZRKZaV1zQ5umsanHtFbUEjeb8mQ2dNQ7PC+5o1DcofgD6kFX1ig8eOSwfjMs9LhRUt',
  'fQeOjpvR8UEPWIt7Jn+ypPTXTe3l5vOretYUEOOBHUHgKxErjvMllD6bKjmAQ0qjqKERaR63/waMdokkZ9SJ9awGxgJGUTpSqBlsA6xJaEWfmEb9r6',
  '/VJ06IUGRF9ZKqmvIVU+yR7KUaBwbFpeh5JbfSf5iaVPjlXGPT2U0dj2Z+c7Ty7vP5Sc9W2pnu4FH/F8da/wY=',
].join('');

const SHARD_1 = [
  'zVhrTBRXFD6zvK3CaJBHXdMtpWRNaroLy0NE9gqtMWjj1hqjXVO0EWFj1ak8SsCgpjXariJaaGl9A4IKtsGoURvbQbeNkdLQ2qBVbFpjkdqabqIVY4',
  'vWmb0zzNydy6zEH70J7Oydueeee77vfOfsAAOQNyPHyoABGADxzze8dujmztkTKnKEubEAUAQjG/XMmKbCVW8thbPfhSQtGtpDsDcGXwv2Tar9AYIB',
  'YCYAhBLz6uG1C/+5T2qnk/PB4qYA+47ciistnZD+9rYfmiesGYy5sebLI8sNZ3pijr43P3bXYGYNNQaAwFEhx8D8yOd+fEPPJullL7AM07SsdOVSHo',
  '9m5CouLi3YX1pcsNoixqcrqJ/vF/c3iGvMeoFFWxHxndeKjTRM8lXo0BLRCYo92j6E3XL5KkSO3UNx2HPJ9eJpASBy86fHu6bVbnP/EmPeGJ88Z1yY',
  'seLg9qtTM52/Tjq1MO0+HZNwBDXrNDHRs/l4mCQ/IUz28OQT0qfpf4RJMgBMLpnmdn7eejHy4vQt92dfL3I4y1O+yLZeOvWvOeKD1r8rZxpomLAI2I',
  '0yJisAYAG+qWeTPNbHTFQDZxUBSOnMqUiwnx9wgMfWC+MZpoGzSkD5HmhCywoKRJhG8TiP5Jlo3mOSAqM6OCQqAyf4GYWxXYG5RNcamzrme6sRDdty',
  'FbYUDMDGk3mhuQ91Xo15jUo5sSPLCgokdnEAMAoAnxavdwycF3Aj7H41fOjIeRsKEQExcFZs4a8LLZbCGevzbmftvjk3ceyVY72uQ0uNa/tCf+9ub+',
  '++/H0cNb+jEVg2y1xKA4DFAdr0z2+RNMl0xQ3xIxLD+/aT/EnTqEuhGOhgVSwBwDKoiKUUQwAxNhYDl4y/9xyrbclfX2ZzNpctH//TbENU1vr2lvh7',
  'ITuuHX8n9+SZjyzUPItDANVybAqF+sgEZtM/z9gGLtkXCvCYSFqp4fXaPWkjDKbgH4ujVKibX9Fqfs8jtTMcSZ8BaSdpTxrnyLyV7LKiXV3tVNiV8j',
  'YU8zSczC8KJ/QCTnJmRk++vX5m15I3Vl4oadzpdrx7tTonoqMoYkH33p/7Bvdv2UTljBEBt0fmTJtCm/VsampzqkKbO1kHeIoxM1IxMTzZ4kRrtvhc',
  'NpeaTai2+N+GCYK/KCjjTyJS2hmqtKv1UKntbbrcU68FnuQIi6QcDEzbh7BWazuxjzxSKbWERTUj1na2M3Btl/yicDHFwKViC+sm1c8/vLMqa1Pf2o',
  'y7bfWb7kxkn77Z5YoLP/+N+9DoptP3qNpuQsC3yVx0CP0UE5hNTS6mKbkY7wBPBuZimpZKpYjkCdNQrjCeNyu44tDlilGNFUfq1BBXAtMpo7ZO3SM5',
  'KOmOMUCdMmrqlH/tErgSr8kVCfs0PJOJjj7z7L66h8zsrLOMuSq7svEpV74nt9I9r7CiJ7Zs6gkq9gkI2HYZe8FBb4A2Nev6wTlzX3p5buaqyen7xa',
  'vGVZPTFSqjkAuDn6QE+eDyiv75PMzFOcbo/5z1xbRfxgYN1WYfx5X6EErFBiTOoOFriECnhE56DSHzVe5Bcd8RIQeq6vVtf74SeQJlODtjR1958/KB',
  'RdcXQmv5hebu27Naum5cLKLWkEQE3pMydm5FDdGzqdF3KJDD7Ydl+JOQ8+HIk/ukOLBA0Z+4dfNeji1PcIDI4wQi76kckKuNukYApf9Pp/QtxpHXiB',
  'Fxyx8Rkmt3S+vyJob805sxNqfvhVMfvuZ99dbOGFvShtqzYcnVz++ax1F1IgmBo0PmWuwjjC7hO3o2yWjtYAwN3BQFHXxdqmjPgHeMDTjvsfbKfUG0',
  'nO9SjigxZ+i9Iy+tlzBn8HuuEDLv8XPSerIHlXrEKfjJ35yn32/7cUp2c2Rc3TFvx7WvDzgbbg601L1YtsNe4zodExdEi7kZQfdlOeYCT8yGwGxq1O',
  'VGzmpRFuZZCPDPB+GORi/oe9MS7Je0wdQ+j5XzQPAzCvNd8FuoP3QsWbKnC/B92aihfCpZvWRlsask0zKcXTwWb6X0dOFijVinqw+s3zuaYc+zl+Rm',
  'ApJyyqSot8PsR3kfQTkfTKX0yImiHi1mRqBHaNZj9Kwsos37+pYgzooPMTAuz3H4ucOZG3Y77iR1ZGz4w9n+7YMHmytX93w2P9/kqvoP',
].join('');

/** The blocks of each shard, in order. */
export const HOMES_1_BLOCKS: readonly (readonly Uint8Array[])[] = [SHARD_0, SHARD_1].map(unpacked);

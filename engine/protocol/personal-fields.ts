// Fields that say who or where somebody is, by their names. Owns: these names, data without them. Never touches: where data goes, who has agreed.
//   protocol.PF1. What platforms say in metadata, attributes and profiles has names of their own: those here, however they are written (`deviceId`, `device_id`,
//       `Device-ID`), are taken for what they say, and all that is in them with them.

//   protocol.PF2. What is sealed to a member (an attribute of type `personal`, where an order goes to) says nothing to anybody outside: it never leaves.

/** A text that is sealed to a member, as bodies of acts have it. */
export const SEALED = /^s1\.[A-Za-z0-9_-]+$/;
export const isSealed = (value: unknown): value is string =>
  typeof value === 'string' && SEALED.test(value);

/** What fields are about: `device` is device and location. */
export type PersonalKind = 'device' | 'contacts';

const DEVICE = [
  ...[
    'device',
    'deviceid',
    'devicemodel',
    'devicename',
    'deviceinfo',
    'fingerprint',
    'imei',
    'imsi',
  ],
  ...['idfa', 'idfv', 'oaid', 'gaid', 'adid', 'androidid', 'mac', 'macaddress', 'serialnumber'],
  ...['useragent', 'ip', 'ipaddress', 'clientip', 'remoteaddr', 'remoteip', 'memberip'],
  ...['location', 'geo', 'geolocation', 'gps', 'coordinates', 'coords', 'latlng'],
  ...['lat', 'latitude', 'lng', 'lon', 'longitude', 'geohash', 'wifi', 'ssid', 'bssid'],
];
const CONTACTS = [
  ...['contact', 'contacts', 'contactinfo', 'phone', 'phonenumber', 'mobile', 'mobilephone', 'tel'],
  ...['telephone', 'cellphone', 'msisdn', 'email', 'mail', 'emailaddress', 'mailaddress', 'wechat'],
  ...[
    'weixin',
    'wechatid',
    'openid',
    'unionid',
    'qq',
    'address',
    'postaladdress',
    'shippingaddress',
  ],
  ...['street', 'postcode', 'zipcode', 'receiver', 'recipient', 'addressbook', 'friends', 'login'],
  ...['realname', 'fullname', 'idcard', 'idnumber', 'passport'],
];
const CHINESE: Readonly<Record<string, PersonalKind>> = {
  ...Object.fromEntries(
    ['设备', '设备号', '位置', '定位', '经度', '纬度'].map((name) => [name, 'device']),
  ),
  ...Object.fromEntries(
    ['手机', '手机号', '电话', '邮箱', '微信', '地址', '姓名', '联系人', '身份证'].map((name) => [
      name,
      'contacts',
    ]),
  ),
};
const KINDS: ReadonlyMap<string, PersonalKind> = new Map([
  ...DEVICE.map((name) => [name, 'device'] as const),
  ...CONTACTS.map((name) => [name, 'contacts'] as const),
  ...Object.entries(CHINESE),
]);

/** Known names, so that the same ones are not looked at again and again. */
const known = new Map<string, PersonalKind | undefined>();
const KNOWN_MAX = 4_096;

/** What a field of this name is about; undefined: nothing personal. */
export function personalKind(name: string): PersonalKind | undefined {
  if (known.has(name)) return known.get(name);
  const kind = KINDS.get(
    name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s_.-]/g, ''),
  );
  if (known.size < KNOWN_MAX) known.set(name, kind);
  return kind;
}

/** Is there any such field in it, or anything sealed? */
export function hasPersonal(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (Array.isArray(value)) return value.some(hasPersonal);
  return Object.entries(value).some(
    ([name, of]) => personalKind(name) !== undefined || isSealed(of) || hasPersonal(of),
  );
}

/** The same value without the fields of these kinds, and those that are sealed, wherever they are; itself where there are none. */
export function withoutPersonal<T>(value: T, drop: Readonly<Record<PersonalKind, boolean>>): T {
  if (!hasPersonal(value)) return value;
  if (Array.isArray(value)) return value.map((one) => withoutPersonal(one, drop)) as T;
  const left: [string, unknown][] = [];
  for (const [name, of] of Object.entries(value as object)) {
    const kind = personalKind(name);
    if (!isSealed(of) && (kind === undefined || !drop[kind]))
      left.push([name, withoutPersonal(of, drop)]);
  }
  return Object.fromEntries(left) as T;
}

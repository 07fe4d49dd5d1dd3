/** The packages compared: what each is made of, the back end it speaks to, and how it was set up. */

const storedToken = {
  session: (token) => ['token', token],
  dialect: 'bearer',
}

export const PEERS = [
  {
    name: 'miniprogram-session',
    packages: [],
    session: (token) => ['miniprogram-session', { token }],
    dialect: 'bearer',
    conditions: 'Default options. It logs in, attaches the token, and handles 401 itself.',
  },
  {
    name: 'axios',
    title: 'axios + axios-auth-refresh',
    packages: ['axios', 'axios-auth-refresh', 'axios-miniprogram-adapter'],
    ...storedToken,
    conditions:
      "With axios-miniprogram-adapter; refresh and request interceptor as in axios-auth-refresh's README, but with `deduplicateRefresh: false`: by default all but one of the requests refused together fail ([#307](https://github.com/Flyrell/axios-auth-refresh/issues/307)). The refresh calls `wx.login` and `wx.request`: sent through axios after `wx.login`, it would wait for itself. No upload: the adapter only calls `wx.request`.",
  },
  {
    name: 'axios-miniprogram',
    packages: ['axios-miniprogram'],
    ...storedToken,
    conditions:
      'Its documentation has no 401 recipe; interceptors with the usual one (`isRefreshing` flag and queue, one replay per request, those who wait are rejected when the login fails).',
  },
  {
    name: 'luch-request',
    packages: ['luch-request'],
    ...storedToken,
    conditions:
      'Its documentation leaves 401 to the app; the usual recipe, as published for it ([juejin](https://juejin.cn/post/7275262319536865319)), with the same improvements. Written for uni-app: `uni` is the same fake WeChat, and only the code for WeChat is compiled in.',
  },
  {
    name: 'alova',
    title: 'alova + token authentication',
    packages: ['alova', '@alova/adapter-uniapp'],
    ...storedToken,
    conditions:
      '`createServerTokenAuthentication` with `refreshTokenOnSuccess`, as in its documentation, on `@alova/adapter-uniapp`. Cache and request sharing off, or equal requests would not be sent. Vue, which uni-app brings, is not counted.',
  },
  {
    name: 'flyio',
    packages: ['flyio'],
    ...storedToken,
    conditions:
      "The documentation's recipe: `fly.lock()` while a token is fetched, `this.lock()` in the response interceptor, then `fly.request(error.request)`. No upload: its WeChat adapter only calls `wx.request`.",
  },
  {
    name: 'wafer2-client-sdk',
    packages: ['wafer2-client-sdk'],
    session: (token) => ['weapp_session_F2C224D4-2BCE-4C64-AF9F-A6D872000D1A', { skey: token, userinfo: {} }],
    dialect: 'wafer',
    conditions:
      'Its own session service and headers: code in `X-WX-Code`, token in `X-WX-Skey`, a refusal is 200 with `code: -1`. Without `login: true`, which would burn a code for every request. No upload.',
  },
  {
    name: 'miniprogram-network',
    packages: ['miniprogram-network'],
    ...storedToken,
    conditions:
      'Has no interceptors and no 401 recipe; token in `transformSend`, the usual recipe in `transformResponse`.',
  },
]

export const OURS = PEERS[0].name

export const titleOf = (peer) => peer.title ?? peer.name

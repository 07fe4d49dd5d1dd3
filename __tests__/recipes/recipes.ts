// The code of the READMEs: what stands between #region and #endregion is what they show, word for word.
// readme.test.ts compares, recipes.test.ts runs it.
import {
  BusinessError,
  createClient,
  RequestError,
  type Middleware,
  type Platform,
} from 'miniprogram-session'

const baseURL = 'https://api.example.com'

export function namedToken() {
  // #region named-token
  const api = createClient({
    baseURL,
    login: { url: '/auth/wechat', token: 'data.login_key', expiresIn: 'data.ttl' },
  })
  // #endregion
  return api
}

export function cookie() {
  // #region cookie
  const api = createClient({
    baseURL,
    login: { url: '/login', token: { cookie: 'sid' } },
    attach: { cookie: 'sid' },
  })
  // #endregion
  return api
}

export function header() {
  // #region header
  const api = createClient({
    baseURL,
    login: { url: '/login', token: 'data.skey' },
    attach: { header: 'X-Skey' },
  })
  // #endregion
  return api
}

export function query() {
  // #region query
  const api = createClient({ baseURL, login: { url: '/login' }, attach: { query: 'access_token' } })
  // #endregion
  return api
}

export function body() {
  // #region body
  const api = createClient({ baseURL, login: { url: '/login' }, attach: { body: 'access_token' } })
  // #endregion
  return api
}

export function businessCode() {
  // #region business-code
  interface Envelope {
    code: number
    msg: string
    data: unknown
  }
  const api = createClient({
    baseURL,
    login: { url: '/login', token: 'data.token' },
    isUnauthorized: ({ data }) => (data as Envelope | null)?.code === 10401,
    unwrap({ data }) {
      const { code, msg, data: inner } = data as Envelope
      if (code !== 0) throw new BusinessError(msg, code)
      return inner
    },
  })
  // #endregion
  return api
}

export function refresh() {
  // #region refresh
  interface Tokens {
    token: string
    refreshToken: string
  }
  const keep = ({ token, refreshToken }: Tokens) => ({ token, data: { refreshToken } })
  const api = createClient({
    baseURL,
    login: {
      url: '/login',
      token: ({ data }) => keep(data as Tokens),
      refresh: ({ data }) => api.post<Tokens>('/refresh', data, { auth: false }).then(keep),
    },
  })
  // #endregion
  return api
}

export function cloudFunction() {
  // #region cloud-function
  const call = (name: string, data: object) => wx.cloud.callFunction({ name, data })
  const api = createClient({
    login: async (code) => (await call('login', { code })).result as { token: string },
  })
  const orders = () =>
    api.authorize((token) => call('orders', { token }), {
      isUnauthorized: ({ result }) => (result?.result as { status?: number } | undefined)?.status === 401,
    })
  // #endregion
  return { api, orders }
}

export function cloudHosting() {
  // #region cloud-hosting
  const base = 'https://container'
  const platform: Platform = {
    login: (options) => wx.login(options),
    request: ({ url, header, data, ...options }) =>
      wx.cloud.callContainer({
        ...(options as object),
        path: url.slice(base.length),
        header: { ...header, 'X-WX-SERVICE': 'api' },
        data: data as string,
        config: { env: 'prod-1a2b3c' },
      }),
  }
  const api = createClient({
    platform,
    baseURL: base,
    authOrigins: [],
    login: () => Promise.reject(new Error('WeChat carries the identity')),
  })
  // #endregion
  return api
}

export function severalHosts() {
  // #region several-hosts
  const api = createClient({
    baseURL: ['https://api.example.com', 'https://api-backup.example.com'],
    login: { url: '/login' },
  })
  // #endregion
  return api
}

export function loading(api: ReturnType<typeof createClient>) {
  // #region loading
  let running = 0
  const loading: Middleware = async (request, next) => {
    if (running++ === 0) wx.showLoading({ title: '加载中', fail() {} })
    try {
      return await next(request)
    } finally {
      if (--running === 0) wx.hideLoading({ noConflict: true, fail() {} })
    }
  }
  const loud = api.extend({ use: [loading] })
  // #endregion
  return loud
}

export async function upload(
  api: ReturnType<typeof createClient>,
  filePath: string,
  show: (p: number) => void,
) {
  // #region upload
  const task = api.uploadFile<{ avatar: string }>({ url: '/avatar', filePath, name: 'file' })
  task.onProgressUpdate(({ progress }) => show(progress))
  const { data } = await task
  // #endregion
  return data
}

export async function errors(api: ReturnType<typeof createClient>, toast: (text: string) => void) {
  // #region errors
  try {
    await api.post('/orders', { title: '咖啡' })
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    if (error.code === 'BUSINESS') toast(error.message)
    else if (error.code === 'OFFLINE') toast('没有网络，请稍后再试')
    else if (error.code !== 'ABORTED') toast('出错了，请重试')
  }
  // #endregion
}

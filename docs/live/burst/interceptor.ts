import type { FakeWx } from 'miniprogram-session/testing'

interface Answer {
  statusCode: number
  data: unknown
}

// #region interceptor
export function createInterceptor(wx: FakeWx, baseURL: string) {
  let isLoggingIn = false
  let waiting: { resolve: () => void; reject: (reason: unknown) => void }[] = []

  function call(options: { url: string; method?: 'POST'; header?: object; data?: object }): Promise<Answer> {
    return new Promise((success, fail) => {
      wx.request({ ...options, success, fail })
    })
  }

  async function login(): Promise<void> {
    const { code } = await new Promise<{ code: string }>((success, fail) => wx.login({ success, fail }))
    const { statusCode, data } = await call({ url: `${baseURL}/login`, method: 'POST', data: { code } })
    if (statusCode !== 200) throw new Error(`login: ${statusCode}`)
    wx.setStorageSync('token', (data as { token: string }).token)
  }

  function loggedIn(): Promise<void> {
    const turn = new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
    if (!isLoggingIn) {
      isLoggingIn = true
      const over = (tell: (one: (typeof waiting)[number]) => void) => {
        isLoggingIn = false
        const told = waiting
        waiting = []
        told.forEach(tell)
      }
      login().then(
        () => over(({ resolve }) => resolve()),
        (reason: unknown) => over(({ reject }) => reject(reason)),
      )
    }
    return turn
  }

  return async function get(path: string): Promise<unknown> {
    const send = () => {
      const header = { Authorization: `Bearer ${String(wx.getStorageSync('token'))}` }
      return call({ url: baseURL + path, header })
    }
    let answer = await send()
    if (answer.statusCode === 401) {
      await loggedIn()
      answer = await send()
    }
    if (answer.statusCode >= 400) throw new Error(String(answer.statusCode))
    return answer.data
  }
}
// #endregion

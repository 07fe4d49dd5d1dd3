export const TOKEN = 'a-token-of-usual-length-4f1c9d2b7e6a'

/** µs of CPU time so far, of all threads: what the garbage collector takes counts too. */
export function cpu() {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** The least a platform can do: it keeps the calls until it is told to answer them. */
export function stubWx({ stored }) {
  let calls = []
  const wx = {
    reads: 0,
    logins: 0,
    urls: [],
    record: stored === undefined,
    request(options) {
      if (wx.record) wx.urls.push(options.url)
      calls.push(options)
      return TASK
    },
    login({ success }) {
      wx.logins++
      success({ code: `code-${wx.logins}` })
    },
    checkSession: ({ success }) => success({}),
    getStorageSync() {
      wx.reads++
      return stored ?? ''
    },
    setStorageSync: () => undefined,
    removeStorageSync: () => undefined,
    answerAll() {
      while (calls.length > 0) {
        const now = calls
        calls = []
        for (const { success } of now) {
          success({ data: { token: TOKEN }, statusCode: 200, header: {}, cookies: [], errMsg: 'request:ok' })
        }
      }
    },
    /** Answers whatever comes, until `promise` settles. */
    async answerUntil(promise) {
      let isOver = false
      const over = () => void (isOver = true)
      promise.then(over, over)
      while (!isOver) {
        wx.answerAll()
        await undefined
      }
      await promise
    },
  }
  return wx
}

const TASK = { abort: () => undefined }

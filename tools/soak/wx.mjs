// The smallest WeChat that a million requests need: it answers, refuses, fails, hangs and aborts, on a clock and with
// task listeners that are counted.

/** A clock that stands still until it is moved, and knows how many timers are set. */
export function countingClock() {
  let time = Date.UTC(2026, 0, 1)
  let order = 0
  const timers = new Map()
  return {
    now: () => time,
    setTimeout(run, ms) {
      timers.set(++order, { run, due: time + ms })
      return order
    },
    clearTimeout: (timer) => void timers.delete(timer),
    get pending() {
      return timers.size
    },
    /** Fires what falls due within `ms`. */
    advance(ms) {
      const end = time + ms
      for (;;) {
        let next
        for (const [id, timer] of timers)
          if (timer.due <= end && !(next?.due <= timer.due)) next = { id, ...timer }
        if (!next) break
        timers.delete(next.id)
        time = Math.max(time, next.due)
        next.run()
      }
      time = end
    },
  }
}

/** Every `EVERY`th request of a kind does not go as it should. */
const REFUSED = 1_000
const BUSY = 50
const LOST = 20

export function soakWx() {
  const clock = countingClock()
  const counts = { requests: 0, logins: 0, refused: 0, busy: 0, failed: 0, hung: 0, aborted: 0, listeners: 0 }
  /** Whoever listens to the platform: network, app, tasks that are under way. */
  let listeners = 0
  let answers = []
  let live = 'token-0'
  let stored

  const task = (abort) => {
    let mine = 0
    const on = () => {
      mine++
      listeners++
      counts.listeners++
    }
    return {
      abort,
      onProgressUpdate: on,
      onHeadersReceived: on,
      onChunkReceived: on,
      /** WeChat lets go of a task, and of its listeners, when it ends. */
      end() {
        listeners -= mine
        mine = 0
      },
    }
  }

  function send(options) {
    counts.requests++
    const n = counts.requests
    let open = true
    const finish = (call) => {
      if (!open) return
      open = false
      mine.end()
      call()
    }
    const mine = task(() => {
      counts.aborted++
      finish(() => options.fail({ errMsg: 'request:fail abort' }))
    })
    const isHanging = options.url.endsWith('/hang')
    if (isHanging) counts.hung++
    else answers.push(() => finish(() => answer(n, options)))
    return mine
  }

  function answer(n, options) {
    const reply = (statusCode, data, header = {}) =>
      options.success({ statusCode, data, header, errMsg: 'request:ok' })
    if (options.url.endsWith('/login')) {
      live = `token-${++counts.logins}`
      return reply(200, { token: live, expiresIn: 7200 })
    }
    if (n % REFUSED === 0) live = 'nobody has this one'
    const isAuthorized = options.header.Authorization === `Bearer ${live}`
    if (!isAuthorized && !options.url.endsWith('/open')) {
      counts.refused++
      return reply(401, { error: 'unauthorized' })
    }
    if (n % BUSY === 0) {
      counts.busy++
      return reply(503, 'busy')
    }
    if (n % LOST === 0) {
      counts.failed++
      return options.fail({
        errMsg: 'request:fail errcode:-101 error_msg:net::ERR_CONNECTION_RESET',
        errno: 600001,
      })
    }
    return reply(200, options.formData ? '{"ok":true}' : { ok: true, items: [n, n + 1, n + 2] })
  }

  const hear = () => void listeners++
  const wx = {
    clock,
    request: send,
    uploadFile: send,
    downloadFile: send,
    login: ({ success }) => answers.push(() => success({ code: `code-${counts.logins}-${clock.now()}` })),
    checkSession: ({ success }) => success({}),
    getStorageSync: () => stored,
    setStorageSync: (_key, value) => void (stored = value),
    removeStorageSync: () => void (stored = undefined),
    onNetworkStatusChange: hear,
    onAppShow: hear,
    onAppHide: hear,
  }
  return {
    wx,
    clock,
    counts,
    get listeners() {
      return listeners
    },
    /** Answers what has come so far. */
    answerAll() {
      const now = answers
      answers = []
      for (const one of now) one()
      return now.length
    },
  }
}

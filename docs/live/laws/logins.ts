import { Stage } from './stage'

// Laws 1 to 10: how one login comes about, what it costs, and how it ends.

export function oneLogin(): Stage {
  const stage = new Stage()
  for (const page of ['/orders', '/cart', '/profile', '/coupons']) stage.get(page)
  return stage
}

export function stale401(): Stage {
  const stage = new Stage()
  stage.fake.server.latency('/slow', 250)
  stage.get('/fast')
  stage.get('/slow')
  return stage
}

export function closingDoor(): Stage {
  const stage = new Stage()
  stage.get('/orders')
  stage.at(150, () => stage.get('/cart'))
  return stage
}

export function replaysEnd(): Stage {
  const stage = new Stage()
  stage.fake.server.on('/forbidden', () => ({ statusCode: 401 }))
  stage.get('/forbidden')
  stage.at(600, () => stage.get('/forbidden'))
  return stage
}

export function codeOnce(): Stage {
  const stage = new Stage({ token: 'none' })
  let isLost = true
  stage.fake.server.on('POST /login', ({ json }) => {
    const { code } = json as { code: string }
    if (!isLost) return { data: stage.fake.server.exchange(code) }
    isLost = false
    return { fail: 'reset' }
  })
  stage.get('/orders')
  return stage
}

export function failureShared(): Stage {
  const stage = new Stage({ token: 'none', client: { login: { url: '/login', retry: 0 } } })
  stage.fake.server.loginReply = () => ({ statusCode: 403 })
  for (const page of ['/orders', '/cart', '/profile']) stage.get(page)
  return stage
}

export function logoutWins(): Stage {
  const stage = new Stage({ token: 'none' })
  stage.get('/orders')
  stage.get('/cart')
  stage.at(90, () => {
    stage.say('logout()')
    stage.api.logout()
  })
  return stage
}

export function checkedOnce(): Stage {
  const stage = new Stage({ token: 'live', client: { checkSession: 'background' } })
  for (const page of ['/orders', '/cart']) stage.get(page)
  stage.at(250, () => stage.get('/profile'))
  return stage
}

export function everythingEnds(): Stage {
  const stage = new Stage({ token: 'live', client: { timeout: 400 } })
  stage.fake.misbehave('request', 'hang', 1)
  stage.get('/orders')
  stage.get('/cart')
  return stage
}

export function nothingGoodIsLost(): Stage {
  const stage = new Stage({ token: 'live', client: { retry: 0 } })
  stage.fake.network.offline()
  stage.get('/orders')
  stage.at(200, () => {
    stage.fake.network.online()
    stage.get('/orders')
  })
  return stage
}

export const LOGINS = [
  oneLogin,
  stale401,
  closingDoor,
  replaysEnd,
  codeOnce,
  failureShared,
  logoutWins,
  checkedOnce,
  everythingEnds,
  nothingGoodIsLost,
]

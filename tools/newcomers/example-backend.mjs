// The routes of example-server that the Taro example asks for, on a fake's server.
export const LOGIN = 'POST /login'
export const ORDERS = 'GET /orders'
export const ORDER = 'POST /orders'
export const TEA = '明前龙井'
export const AVATAR = '/avatars/cat.png'
/** A page of the app's. */
export const PROFILE = 'pages/profile/index'

/** A list as it was. */
export const OLD_LIST = { total: 1, items: [{ id: 'sample-1', title: TEA, amount: 990, createdAt: 0 }] }

/** `answers` can be replaced, route by route. */
export function serveExample({ server }) {
  const orders = [{ id: 'sample-1', title: TEA, amount: 990, createdAt: Date.UTC(2026, 0, 23) }]
  const keys = new Map()
  const profile = { id: 'newcomer', nickname: '小明' }

  function place({ json: { title, amount }, header }) {
    const [, key] = Object.entries(header).find(([name]) => name.toLowerCase() === 'idempotency-key') ?? []
    const known = key !== undefined && keys.get(key)
    const order = known || { id: `order-${orders.length}`, title, amount, createdAt: Date.UTC(2026, 0, 24) }
    if (!known) orders.unshift(order)
    keys.set(key, order)
    return { statusCode: 201, data: order }
  }

  const answers = {
    [ORDERS]: () => ({ data: { page: 1, pageSize: 10, total: orders.length, items: orders } }),
    [ORDER]: place,
    'GET /me': () => ({ data: profile }),
    'POST /avatar': ({ upload }) =>
      upload?.name === 'file'
        ? { data: Object.assign(profile, { avatar: AVATAR, size: 1 }) }
        : { statusCode: 400 },
    'POST /dev/expire'(request) {
      server.expire(server.readToken(request))
      return { statusCode: 204 }
    },
  }
  for (const [route, answer] of Object.entries(answers)) {
    answers[route] = server.guard(answer)
    server.on(route, (request) => answers[route](request))
  }
  return { orders, keys, answers }
}

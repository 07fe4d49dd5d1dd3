import type { CallRecord } from 'miniprogram-session/testing'
import { HOME, Stage } from './stage'

// Laws 11 to 20: what is stored, what is sent, and what is heard.

const bearer = ({ header }: CallRecord) => header['Authorization'] ?? '-'

export function storageMayFail(): Stage {
  const stage = new Stage({
    token: 'none',
    client: { onEvent: ({ type }) => type === 'storage-error' && stage.say('storage-error') },
  })
  stage.fake.storage.fail('set')
  stage.get('/orders')
  stage.at(400, () => stage.get('/cart'))
  return stage
}

export function anotherCopy(): Stage {
  const stage = new Stage()
  const subpackage = stage.copy()
  stage.at(0, () => subpackage.session)
  stage.get('/orders')
  stage.at(500, () => stage.get('/coupons', {}, subpackage))
  return stage
}

export function tokenStaysHome(): Stage {
  const stage = new Stage({ token: 'live', write: bearer })
  stage.fake.server.on('/logo.png', () => ({ data: '' }))
  stage.fake.server.on('/orders', () => ({}))
  stage.get('/orders')
  stage.ask('cdn…/logo.png', (api, row) => api.get('https://cdn.example.net/logo.png', undefined, row))
  return stage
}

export function oneRefresh(): Stage {
  const stage: Stage = new Stage({
    client: {
      login: {
        url: '/login',
        refresh: () =>
          new Promise((resolve) => {
            stage.ask('refresh', async (api, row) => {
              const answer = await api.post<{ token: string }>('/refresh', {}, { auth: false, ...row })
              resolve(answer)
            })
          }),
      },
    },
  })
  const { server } = stage.fake
  server.on('POST /refresh', () => ({ data: { token: server.issue() } }))
  for (const page of ['/orders', '/cart', '/profile']) stage.get(page)
  return stage
}

export function sentAsGiven(): Stage {
  const stage = new Stage({ write: ({ data }) => (typeof data === 'string' ? data : '') })
  const order = { count: 1 }
  stage.ask('POST /orders', (api, row) => api.post('/orders', order, row))
  stage.at(50, () => {
    order.count = 2
    stage.say('order.count = 2')
  })
  return stage
}

export function onlyWhatCounts(): Stage {
  const stage = new Stage()
  const { server } = stage.fake
  server.refusal = () => ({ statusCode: 401, chunks: ['{"error":', '"who?"}'] })
  server.on(
    '/poem',
    server.guard(() => ({ chunks: ['床前', { after: 60, data: '明月光' }] })),
  )
  stage.ask('/poem', (api, row) => {
    const task = api.request({ url: '/poem', enableChunked: true, ...row })
    let heard = 0
    task.onChunkReceived(() => stage.hear(`chunk ${++heard}`))
    return task
  })
  return stage
}

export function onlyWhatHelps(): Stage {
  const stage = new Stage({ token: 'live', phone: { domains: [HOME] } })
  stage.fake.misbehave('request', { fail: 'reset' }, 1)
  stage.get('/orders')
  stage.ask('not-listed…', (api, row) => api.get('https://not-listed.example.net/', undefined, row))
  return stage
}

export function guestStaysGuest(): Stage {
  const stage = new Stage({
    write: ({ header, statusCode }) => `${statusCode ?? ''} ${header['Authorization'] ?? ''}`,
  })
  const { server } = stage.fake
  server.on('/news', (request) => (server.readToken(request) ? { statusCode: 401 } : { data: [] }))
  stage.get('/news', { auth: 'optional' })
  return stage
}

export function nobodyUnasked(): Stage {
  const stage = new Stage({ token: 'none', client: { autoLogin: false } })
  stage.get('/orders')
  stage.at(150, () => {
    stage.say('setSession(…)')
    stage.api.setSession(stage.fake.server.issue())
    stage.get('/orders')
  })
  return stage
}

export function rotated(): Stage {
  const stage = new Stage({ token: 'live', client: { rotate: { header: 'X-Next' } }, write: bearer })
  const { server } = stage.fake
  server.latency('/slow', 150)
  server.on(
    '/fast',
    server.guard((request) => {
      server.expire(server.readToken(request))
      return { header: { 'X-Next': server.issue() } }
    }),
  )
  server.on(
    '/slow',
    server.guard(() => ({})),
  )
  stage.get('/fast')
  stage.get('/slow')
  stage.at(130, () => stage.get('/slow'))
  return stage
}

export const REQUESTS = [
  storageMayFail,
  anotherCopy,
  tokenStaysHome,
  oneRefresh,
  sentAsGiven,
  onlyWhatCounts,
  onlyWhatHelps,
  guestStaysGuest,
  nobodyUnasked,
  rotated,
]

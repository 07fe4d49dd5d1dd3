import type { ClientEvent } from 'miniprogram-session'
import { quiet as api } from '../../services/api'
import { conditions } from '../../services/conditions'
import { dev } from '../../services/dev'
import { enveloped, killTokenOf, profileOf, refreshing } from '../../services/other-back-ends'
import { routesOn } from '../../services/server'

/** What came of it stands on the page. */
const server = routesOn(api)

/** Something that goes wrong, and how it ends. */
export interface Trouble {
  id: string
  name: string
  note: string
  /** Brings it about; resolves to what came of it. */
  run(): Promise<string>
}

export const TROUBLES: readonly Trouble[] = [
  {
    id: 'login-fails',
    name: '登录接口报 500',
    note: '稍等后换一个新 code 再登录',
    async run() {
      conditions.next('/login', { status: 500 })
      const codes = await codesOf(() => api.ensureLogin({ force: true }))
      return `报错一次，服务器只用了 ${codes} 个 code`
    },
  },
  {
    id: 'login-slow',
    name: '登录要等 3 秒',
    note: '这时发出的请求都等它，不会各自登录',
    async run() {
      conditions.next('/login', { delay: 3000 })
      const codes = await codesOf(() =>
        Promise.all([api.ensureLogin({ force: true }), ...Array.from({ length: 5 }, () => server.profile())]),
      )
      return `5 个请求等到了同一次登录，${codes} 个 code`
    },
  },
  {
    id: 'busy',
    name: '服务器繁忙（503）',
    note: 'Retry-After: 2，两秒后再读一次',
    async run() {
      conditions.next('/me', { status: 503, retryAfter: 2 })
      let waited = 0
      const off = api.on((event) => {
        if (isRetried(event)) waited = Date.now()
      })
      await server.profile().finally(off)
      return `等了 ${((Date.now() - waited) / 1000).toFixed(1)} 秒，读到了`
    },
  },
  {
    id: 'envelope',
    name: '状态码 200，业务码 401',
    note: '用 isUnauthorized 和 unwrap 说明',
    async run() {
      await enveloped.ensureLogin()
      await killTokenOf(enveloped)
      const codes = await codesOf(() => profileOf(enveloped))
      return `登录一次后重发成功，${codes} 个 code`
    },
  },
  {
    id: 'refresh',
    name: '用 refresh token 换新的',
    note: 'token 失效后先刷新，不用新的 code',
    async run() {
      await refreshing.ensureLogin()
      await killTokenOf(refreshing)
      const codes = await codesOf(() => profileOf(refreshing))
      return `刷新后重发成功，${codes} 个 code`
    },
  },
]

/** How many codes the server was brought meanwhile, by its own count. */
async function codesOf(work: () => Promise<unknown>): Promise<number> {
  const before = await dev.stats()
  await work()
  return (await dev.stats()).codes - before.codes
}

function isRetried(event: ClientEvent): boolean {
  return event.type === 'request' && event.phase === 'retry'
}

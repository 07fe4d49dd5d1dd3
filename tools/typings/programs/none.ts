import { createClient, type Platform } from 'miniprogram-session'
import { cache } from 'miniprogram-session/cache'
import { scope, type Scope } from 'miniprogram-session/page'
import { createFakeWeChat } from 'miniprogram-session/testing'
import { failures, loading } from 'miniprogram-session/ui'
export { mistakes } from './mistakes'

const fake = createFakeWeChat()
export const signed: Platform = {
  ...fake.wx,
  request: (options) => fake.wx.request({ ...options, header: { ...options.header, 'X-Sign': options.url } }),
}
export const api = createClient({ platform: signed, baseURL: 'https://api.test', login: { url: '/login' } })
export const orders: Promise<{ id: number }[]> = api.get<{ id: number }[]>('/orders', { page: 1 })

/** What each entry adds to a request's context has its type. */
const use = [
  loading(),
  cache({ ttl: 1000, vary: ({ url }) => url, onUpdate: ({ statusCode }) => statusCode.toFixed() }),
]
export const page: Scope = scope(
  failures(api.extend({ use }), { messages: ({ code }) => code, retry: false }),
)
export const found: Promise<string> = page.get<string>(
  '/a',
  {},
  { context: { overlap: 'replace', loading: false } },
)
// @ts-expect-error -- 'join' or 'replace'
export const mistaken = page.get('/a', {}, { context: { overlap: 'newest' } })

/** Callbacks that are written in place have their types. */
export const called = [
  () =>
    api.request({
      url: '/a',
      success: ({ statusCode }) => statusCode.toFixed(),
      fail: ({ errMsg }) => errMsg,
    }),
  () =>
    api.uploadFile({
      url: '/a',
      filePath: 'a',
      name: 'a',
      success: ({ statusCode }) => statusCode.toFixed(),
    }),
  () => api.downloadFile({ url: '/a', success: ({ tempFilePath }) => tempFilePath.length }),
]

import { createClient, type Platform } from 'miniprogram-session'
import { createFakeWeChat } from 'miniprogram-session/testing'
export { mistakes } from './mistakes'

const fake = createFakeWeChat()
export const signed: Platform = {
  ...fake.wx,
  request: (options) => fake.wx.request({ ...options, header: { ...options.header, 'X-Sign': options.url } }),
}
export const api = createClient({ platform: signed, baseURL: 'https://api.test', login: { url: '/login' } })
export const orders: Promise<{ id: number }[]> = api.get<{ id: number }[]>('/orders', { page: 1 })

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

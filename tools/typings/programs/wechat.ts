import { createClient } from 'miniprogram-session'
import type { FakeWx, FakeWxName } from 'miniprogram-session/testing'
export { mistakes } from './mistakes'

export const api = createClient({ platform: wx, baseURL: 'https://api.test', login: { url: '/login' } })

declare const fake: FakeWx
/** What is asked of the fake is what these typings have of a wx. */
export const phone: Pick<WechatMiniprogram.Wx, Extract<keyof WechatMiniprogram.Wx, FakeWxName>> = fake

export const request = (options: WechatMiniprogram.RequestOption<{ id: number }>) =>
  api.request(options).then(({ data }): number => data.id)
export const upload = (options: WechatMiniprogram.UploadFileOption) => api.uploadFile(options)
export const download = (options: WechatMiniprogram.DownloadFileOption) =>
  api.downloadFile(options).then(({ tempFilePath }): string => tempFilePath)

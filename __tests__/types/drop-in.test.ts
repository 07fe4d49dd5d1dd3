import type { Client } from 'miniprogram-session'

declare const api: Client

test('options typed as those of wx.request go in as they are, callbacks included', () => {
  const check = (options: WechatMiniprogram.RequestOption<{ id: number }>) => api.request(options)
  const upload = (options: WechatMiniprogram.UploadFileOption) => api.uploadFile(options)
  const download = (options: WechatMiniprogram.DownloadFileOption) => api.downloadFile(options)
  expect([check, upload, download]).toHaveLength(3)
})

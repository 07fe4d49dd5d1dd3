import { createClient, type Client } from 'miniprogram-session'

declare const api: Client

/** Whatever typings are there, these are told. */
export const mistakes = [
  // @ts-expect-error -- a URL is a string
  () => api.request({ url: 5 }),
  // @ts-expect-error -- enableChunked is true or false
  () => api.request({ url: '/orders', enableChunked: 'yes' }),
  // @ts-expect-error -- an upload has a file
  () => api.uploadFile({ url: '/avatar', name: 'file' }),
  // @ts-expect-error -- a time is a number
  () => api.get('/orders', {}, { timeout: '5s' }),
  // @ts-expect-error -- no such option
  () => createClient({ baseUrl: 'https://api.test', login: { url: '/login' } }),
  // @ts-expect-error -- a platform has requests and logins
  () => createClient({ platform: {}, login: { url: '/login' } }),
]

import AdapterUniapp from '@alova/adapter-uniapp'
import { createAlova } from 'alova'
import { createServerTokenAuthentication } from 'alova/client'
import { forgetToken, HOME, login, savedToken } from './app.js'

const { onAuthRequired, onResponseRefreshToken } = createServerTokenAuthentication({
  refreshTokenOnSuccess: {
    isExpired: (response) => response.statusCode === 401,
    handler: () => login(),
  },
  assignToken(method) {
    method.config.headers.Authorization = `Bearer ${savedToken()}`
  },
})
const alova = createAlova({
  baseURL: HOME,
  ...AdapterUniapp(),
  // Or a request that was answered before, or is under way, would not be sent at all.
  cacheFor: null,
  shareRequest: false,
  beforeRequest: onAuthRequired(),
  responded: onResponseRefreshToken((response) => {
    if (response.statusCode >= 400) throw new Error(`HTTP ${response.statusCode}`)
    return response.data
  }),
})

export const get = (url) => alova.Get(url).send()
export const upload = (url, filePath) =>
  alova.Post(url, { name: 'file', filePath }, { requestType: 'upload' }).send()
export const logout = forgetToken

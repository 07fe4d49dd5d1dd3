import {
  REQUEST,
  setConfig,
  transformRequestResponseOkData,
  transformRequestSendDefault,
  transformUploadResponseOkData,
  transformUploadSendDefault,
  UPLOAD,
} from 'miniprogram-network'
import { forgetToken, HOME, login, savedToken } from './app.js'
import { afterLogin } from './queue.js'

setConfig('baseURL', HOME)

const withToken = (options) => ({
  ...options,
  headers: { ...options.headers, Authorization: `Bearer ${savedToken()}` },
})
const refused = (response, options) => response.statusCode === 401 && !options.isRetry

REQUEST.Defaults.transformSend = (options) => transformRequestSendDefault(withToken(options))
REQUEST.Defaults.transformResponse = (response, options) =>
  refused(response, options)
    ? afterLogin(login, () => REQUEST.request({ ...options, isRetry: true }))
    : transformRequestResponseOkData(response, options)

UPLOAD.Defaults.transformSend = (options) => transformUploadSendDefault(withToken(options))
UPLOAD.Defaults.transformResponse = (response, options) =>
  refused(response, options)
    ? afterLogin(login, () => UPLOAD.upload({ ...options, isRetry: true }))
    : transformUploadResponseOkData(response, options)

export const get = (url) => REQUEST.get(url)
export const upload = (url, filePath) => UPLOAD.upload({ url, filePath, name: 'file' })
export const logout = forgetToken

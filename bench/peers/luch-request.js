import Request from 'luch-request'
import { forgetToken, HOME, login, savedToken } from './app.js'
import { afterLogin } from './queue.js'

const http = new Request()
http.setConfig((config) => {
  config.baseURL = HOME
  return config
})
http.interceptors.request.use((config) => {
  config.header = { ...config.header, Authorization: `Bearer ${savedToken()}` }
  return config
})
http.interceptors.response.use(
  (response) => response,
  (response) => {
    const { config, statusCode } = response
    if (statusCode !== 401 || config.custom.isRetry) return Promise.reject(response)
    return afterLogin(login, () => http.request({ ...config, custom: { ...config.custom, isRetry: true } }))
  },
)

export const get = (url) => http.get(url).then(({ data }) => data)
export const upload = (url, filePath) => http.upload(url, { filePath, name: 'file' }).then(({ data }) => data)
export const logout = forgetToken

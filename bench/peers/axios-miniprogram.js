import axios from 'axios-miniprogram'
import { forgetToken, HOME, login, savedToken } from './app.js'
import { afterLogin } from './queue.js'

axios.defaults.baseURL = HOME

axios.interceptors.request.use((config) => {
  config.headers = { ...config.headers, Authorization: `Bearer ${savedToken()}` }
  return config
})
axios.interceptors.response.use(
  (response) => response,
  (error) => {
    const { config, response } = error
    if (response?.status !== 401 || config.isRetry) return Promise.reject(error)
    return afterLogin(login, () => axios({ ...config, isRetry: true }))
  },
)

export const get = (url) => axios.get(url).then(({ data }) => data)
export const upload = (url, filePath) =>
  axios(url, { method: 'POST', upload: true, data: { name: 'file', filePath } }).then(({ data }) => data)
export const logout = forgetToken

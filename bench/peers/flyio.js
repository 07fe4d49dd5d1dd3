import Fly from 'flyio/dist/npm/wx'
import { forgetToken, HOME, login, savedToken } from './app.js'

const fly = new Fly()
fly.config.baseURL = HOME

fly.interceptors.request.use((request) => {
  if (savedToken()) {
    request.headers['Authorization'] = `Bearer ${savedToken()}`
    return request
  }
  fly.lock()
  return login()
    .then((token) => {
      request.headers['Authorization'] = `Bearer ${token}`
      return request
    })
    .finally(() => fly.unlock())
})
fly.interceptors.response.use(
  (response) => response.data,
  // Not an arrow function: the documentation wants `this` to be the interceptor.
  function (error) {
    if (error.status !== 401) return Promise.reject(error)
    this.lock()
    return login()
      .finally(() => this.unlock())
      .then(() => fly.request(error.request))
  },
)

export const get = (url) => fly.get(url)
export const logout = forgetToken

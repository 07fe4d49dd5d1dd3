import axios from 'axios'
import { createAuthRefresh } from 'axios-auth-refresh'
import mpAdapter from 'axios-miniprogram-adapter'
import { forgetToken, HOME, login, savedToken } from './app.js'

axios.defaults.adapter = mpAdapter
axios.defaults.baseURL = HOME

createAuthRefresh(
  axios,
  (failedRequest) =>
    login().then((token) => {
      failedRequest.response.config.headers['Authorization'] = `Bearer ${token}`
    }),
  // Without it all but one of the requests refused at the same time fail: Flyrell/axios-auth-refresh#307.
  { deduplicateRefresh: false },
)
axios.interceptors.request.use((request) => {
  request.headers['Authorization'] = `Bearer ${savedToken()}`
  return request
})

export const get = (url) => axios.get(url).then(({ data }) => data)
export const logout = forgetToken

import { createClient } from 'miniprogram-session'

const api = createClient({ baseURL: 'https://api.test', login: { url: '/login' } })

export const get = (url) => api.get(url)
export const upload = (url, filePath) =>
  api.uploadFile({ url, filePath, name: 'file' }).then(({ data }) => data)
export const logout = () => api.logout()

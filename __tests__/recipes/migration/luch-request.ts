// #region luch-request
import { createClient } from 'miniprogram-session'

export const http = createClient({
  baseURL: 'https://api.example.com', // setConfig
  login: { url: '/login' }, // in place of both interceptors
  platform: uni,
})

export const orders = (page: number) => http.get('/orders', { page }) // http.get('/orders', { params: { page } })
export const cancel = (id: number, reason: string) => http.delete(`/orders/${id}`, {}, { data: { reason } })
export const avatar = (filePath: string) =>
  http.uploadFile({ url: '/avatar', filePath, name: 'file', throwHttpErrors: true })
// #endregion

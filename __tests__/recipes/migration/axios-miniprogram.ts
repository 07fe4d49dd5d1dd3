// #region axios-miniprogram
import { createClient, HttpError, type Middleware } from 'miniprogram-session'

// axios.use(async (ctx, next) => { … await next() … })
const measured: Middleware = async (request, next) => {
  const response = await next(request)
  console.log(request.url, response.statusCode)
  return response
}

export const axios = createClient({
  baseURL: 'https://api.example.com', // axios.defaults.baseURL
  header: { 'X-App': 'shop' }, // axios.defaults.headers.common
  login: { url: '/login' }, // in place of both interceptors
  methodOverride: true, // axios.patch
  use: [measured],
})

export const order = (id: number) =>
  axios.get(`/orders/${id}`).catch((error: unknown) => {
    // axios.isAxiosError(error) && error.response.status
    if (error instanceof HttpError && error.response.statusCode === 404) return undefined
    throw error
  })
// #endregion

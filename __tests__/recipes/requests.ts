// The READMEs' recipes for single requests: see recipes.ts.
import { HttpError, RequestError, type Client, type Middleware } from 'miniprogram-session'
import { streamEvents } from 'miniprogram-session/stream'

type Toast = (text: string) => void

export async function password(api: Client, toast: Toast, passwords: { old: string; new: string }) {
  // #region password
  try {
    await api.put('/password', passwords, { isUnauthorized: false })
  } catch (error) {
    if (!(error instanceof HttpError) || error.response.statusCode !== 401) throw error
    toast('原密码不正确')
  }
  // #endregion
}

export async function stream(api: Client, question: string, show: (text: string) => void) {
  // #region stream
  const answer = streamEvents(api, { url: '/chat', method: 'POST', data: { question } })
  for await (const { data } of answer) show((JSON.parse(data) as { text: string }).text)
  // #endregion
}

export function loading(api: Client) {
  // #region loading
  let running = 0
  const loading: Middleware = async (request, next) => {
    if (running++ === 0) wx.showLoading({ title: '加载中', fail() {} })
    try {
      return await next(request)
    } finally {
      if (--running === 0) wx.hideLoading({ noConflict: true, fail() {} })
    }
  }
  const loud = api.extend({ use: [loading] })
  // #endregion
  return loud
}

export async function upload(api: Client, filePath: string, show: (percent: number) => void) {
  // #region upload
  const task = api.uploadFile<{ avatar: string }>({
    url: '/avatar',
    filePath,
    name: 'file',
    timeout: 15_000,
    throwHttpErrors: true,
  })
  task.onProgressUpdate(({ progress }) => show(progress))
  const { data } = await task
  // #endregion
  return data
}

export async function errors(api: Client, toast: Toast) {
  // #region errors
  try {
    await api.post('/orders', { title: '咖啡' })
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    if (error.code === 'BUSINESS') toast(error.message)
    else if (error.isOffline) toast('没有网络，请稍后再试')
    else if (error.code !== 'ABORTED') toast('出错了，请重试')
  }
  // #endregion
}

export function whenBack(api: Client, toast: Toast, show: (orders: unknown) => void) {
  // #region offline
  let isMissing = false
  async function load() {
    try {
      show(await api.get('/orders'))
      isMissing = false
    } catch (error) {
      if (!(error instanceof RequestError) || !error.isOffline) throw error
      isMissing = true
      toast('没有网络，恢复后会自动加载')
    }
  }
  wx.onNetworkStatusChange(({ isConnected }) => {
    if (isConnected && isMissing) load().catch(() => {})
  })
  // #endregion
  return load
}

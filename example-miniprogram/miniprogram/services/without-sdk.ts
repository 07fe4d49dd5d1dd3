import { SERVER } from '../config'
import { platform } from './conditions'

/*
 * What hand-written request.js files do: a request that is refused logs in and goes again, each for itself. Here to be held
 * against the SDK on the burst page, not to be copied.
 */

const KEY = 'example:token-without-sdk'

/** What becomes of one request; `refused` and `done` come with the status. */
export type Step = 'send' | 'refused' | 'login' | 'again' | 'done' | 'failed'
export type Tell = (step: Step, statusCode?: number) => void

interface Answer {
  statusCode: number
  data: unknown
}

function call(method: 'GET' | 'POST', path: string, data?: object, header = {}): Promise<Answer> {
  const token = wx.getStorageSync<string>(KEY)
  return new Promise((resolve, reject) => {
    platform.request({
      url: SERVER + path,
      method,
      header: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...header },
      ...(data ? { data: JSON.stringify(data) } : {}),
      success: ({ statusCode = 0, data: answer }) => resolve({ statusCode, data: answer }),
      fail: (failure) => reject(new Error(failure.errMsg ?? 'request:fail')),
    })
  })
}

async function logIn(): Promise<void> {
  const code = await new Promise<string>((resolve, reject) => {
    platform.login({
      success: (result) => resolve(result.code ?? ''),
      fail: (failure) => reject(new Error(failure.errMsg ?? 'login:fail')),
    })
  })
  const { statusCode, data } = await call('POST', '/login', { code })
  if (statusCode !== 200) throw new Error(`login answered ${statusCode}`)
  wx.setStorageSync(KEY, (data as { token: string }).token)
}

export async function getWithoutSdk(path: string, header: Record<string, string>, tell: Tell): Promise<void> {
  try {
    tell('send')
    let { statusCode } = await call('GET', path, undefined, header)
    if (statusCode === 401) {
      tell('refused', statusCode)
      tell('login')
      await logIn()
      tell('again')
      statusCode = (await call('GET', path, undefined, header)).statusCode
    }
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`)
    tell('done', statusCode)
  } catch (error) {
    tell('failed')
    throw error
  }
}

/** There must be a token before the server can forget it. */
export async function killTokenWithoutSdk(): Promise<void> {
  await logIn()
  await call('POST', '/dev/expire', { me: true })
}

import { HttpError } from 'miniprogram-session'
// A refusal that a second try mends is nothing to be shown.
import { quiet as api } from './api'

interface Encrypted {
  encryptedData: string
  iv: string
}

interface Steps {
  stepInfoList: { timestamp: number; step: number }[]
}

/**
 * Data that WeChat encrypts with the session_key, the right way round: first make sure of the session, then ask
 * for the data. A login after the data has arrived may change the key and make it unreadable (button page, tip 3).
 */
export async function readSteps(): Promise<Steps> {
  await api.ensureLogin()
  try {
    return await decrypt(await askWeChat())
  } catch (error) {
    if (!isStale(error)) throw error
    // The key changed behind our back. Log in, and ask anew: what we have stays unreadable.
    await api.ensureLogin({ force: true })
    return await decrypt(await askWeChat())
  }
}

function askWeChat(): Promise<Encrypted> {
  // getWeRunData has no promise form (its page).
  return new Promise((resolve, reject) => {
    wx.getWeRunData({
      success: ({ encryptedData, iv }) => resolve({ encryptedData, iv }),
      fail: reject,
    })
  })
}

async function decrypt(encrypted: Encrypted): Promise<Steps> {
  const { data } = await api.post<{ data: Steps }>('/open-data', encrypted, { auth: 'verified' })
  return data
}

function isStale(error: unknown): boolean {
  return error instanceof HttpError && error.response.statusCode === 409
}

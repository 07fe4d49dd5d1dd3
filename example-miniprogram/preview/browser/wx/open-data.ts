import type { Outside } from '../outside'
import { wxFunction } from './callbacks'
import { previewUser } from './user'

/** Data that WeChat encrypts with the session_key; whoever plays the server has that key. */
export const openData = (outside: Outside) => ({
  getWeRunData: wxFunction('getWeRunData', async () => {
    const steps = await outside.steps(previewUser())
    if (!steps) throw new Error('need to login first')
    return steps
  }),
})

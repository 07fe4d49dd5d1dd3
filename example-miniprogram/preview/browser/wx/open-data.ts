import { wxFunction } from './callbacks'
import { previewUser } from './user'

/** Data that WeChat encrypts with the session_key; the preview's server has that key while it runs the example's. */
export const openData = {
  getWeRunData: wxFunction('getWeRunData', async () => {
    const answer = await fetch(`/__preview/steps?user=${previewUser()}`)
    if (!answer.ok) throw new Error('need to login first')
    return (await answer.json()) as object
  }),
}

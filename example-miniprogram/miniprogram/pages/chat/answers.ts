import { RequestError } from 'miniprogram-session'
import type { ServerSentEvent, Stream } from 'miniprogram-session/stream'
import { type Failure, failureOf } from '../../utils/failure'

/** How an answer ended. */
export interface Ending {
  state: 'done' | 'stopped' | 'broken'
  /** What the user reads below it. */
  told?: Failure
  /** WeChat ended it, because the app was in the background for too long. */
  isInterrupted?: boolean
}

/** With words on the page it is the answer that has ended, and not a server that could not be reached. */
const CUT = { title: '回答中断了', advice: '已经说的都在，可以接着说' }
const STOPPED: Ending = { state: 'stopped', told: { title: '已停止', advice: '', detail: '' } }

/** Reads an answer to its end: `say` is called with each word as it comes. Never rejects. */
export async function readAnswer(
  stream: Stream<ServerSentEvent>,
  say: (text: string) => void,
): Promise<Ending> {
  let isWhole = false
  try {
    await stream.forEach(({ type, data }) => {
      if (type === 'done') isWhole = true
      if (type === 'message') say((JSON.parse(data) as { text: string }).text)
    })
    // A server that is shut down ends its answers as properly as a server that has said all.
    return isWhole ? { state: 'done' } : { state: 'broken', told: { ...CUT, detail: '' } }
  } catch (error) {
    return endingOf(error, stream.lastEventId !== '')
  }
}

function endingOf(error: unknown, hasBegun: boolean): Ending {
  const { code = '' } = error instanceof RequestError ? error : {}
  if (code === 'ABORTED') return STOPPED
  const failure = failureOf(error)
  const isCut = hasBegun && code === 'NETWORK' && !(error as RequestError).isOffline
  return {
    state: 'broken',
    told: isCut ? { ...failure, ...CUT } : failure,
    isInterrupted: code === 'INTERRUPTED',
  }
}

import { RequestError } from 'miniprogram-session'
import type { ServerSentEvent, Stream } from 'miniprogram-session/stream'
import { type Failure, failureOf } from '../../utils/failure'

/** How an answer ended. */
export interface Ending {
  state: 'done' | 'stopped' | 'broken'
  /** What the user reads below it. */
  told: Failure | null
  /** WeChat ended it, because the app was in the background for too long. */
  isInterrupted: boolean
}

/** With words on the page it is the answer that has ended, and not a server that could not be reached. */
const CUT = { title: '回答中断了', advice: '已经说的都在，可以接着说' }
const STOPPED = { title: '已停止', advice: '', detail: '' }

/** Reads an answer: `say` is called with each word as it comes, `ended` once, however it ends. */
export function readAnswer(
  stream: Stream<ServerSentEvent>,
  say: (text: string) => void,
  ended: (ending: Ending) => void,
): void {
  let isWhole = false
  const reading = stream.forEach(({ type, data }) => {
    if (type === 'done') isWhole = true
    if (type === 'message') say((JSON.parse(data) as { text: string }).text)
  })
  reading.then(
    // A server that is shut down ends its answers as properly as a server that has said all.
    () => ended(isWhole ? endedBy('done', null) : endedBy('broken', { ...CUT, detail: '' })),
    (error: unknown) => ended(endingOf(error, stream.lastEventId !== '')),
  )
}

function endingOf(error: unknown, hasBegun: boolean): Ending {
  if (!(error instanceof RequestError)) return endedBy('broken', failureOf(error))
  const { code, isOffline } = error
  if (code === 'ABORTED') return endedBy('stopped', STOPPED)
  const isCut = hasBegun && code === 'NETWORK' && !isOffline
  const told = isCut ? { ...failureOf(error), ...CUT } : failureOf(error)
  return endedBy('broken', told, code === 'INTERRUPTED')
}

function endedBy(state: Ending['state'], told: Ending['told'], isInterrupted = false): Ending {
  return { state, told, isInterrupted }
}

/** A text that grows on the page. */
export interface Growing {
  add(more: string): void
  /** All of it; from here on nothing is drawn any more. */
  end(): string
}

/**
 * Words may come faster than a phone draws: each `setData` crosses from the script to the view. So one drawing is under way
 * at a time, and the next takes all that has come meanwhile.
 */
export function growing(text: string, draw: (text: string, drawn: () => void) => void): Growing {
  let isBusy = false
  let isOver = false
  const next = () => {
    if (isBusy || isOver) return
    isBusy = true
    const taken = text
    draw(taken, () => {
      isBusy = false
      if (taken !== text) next()
    })
  }
  return {
    add(more) {
      text += more
      next()
    },
    end() {
      isOver = true
      return text
    },
  }
}

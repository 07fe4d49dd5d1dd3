// The recipes of docs/streams.md: what stands between #region and #endregion is what it shows, word for word.
import { RequestError, type Client } from 'miniprogram-session'
import {
  streamEvents,
  streamJson,
  streamText,
  type ServerSentEvent,
  type Stream,
  type StreamOptions,
} from 'miniprogram-session/stream'

export async function three(api: Client, show: (text: string) => void, add: (order: unknown) => void) {
  // #region three
  // Text as it comes, never cut within a character.
  for await (const text of streamText(api, { url: '/poem' })) show(text)

  // Server-sent events: { type, data, lastEventId }.
  for await (const { data } of streamEvents(api, { url: '/news' })) show(data)

  // One JSON value a line.
  for await (const order of streamJson(api, { url: '/orders/export' })) add(order)
  // #endregion
}

export function chatPage(api: Client) {
  // #region chat-page
  Page({
    data: { answer: '', isAnswering: false },
    answering: undefined as Stream<ServerSentEvent> | undefined,

    async ask(event: { detail: { value: { question: string } } }) {
      const { question } = event.detail.value
      this.stop()
      const stream = streamEvents(api, { url: '/chat', method: 'POST', data: { question } })
      this.answering = stream
      this.setData({ answer: '', isAnswering: true })
      try {
        await stream.forEach(({ type, data }) => {
          if (type !== 'message') return
          this.setData({ answer: this.data.answer + (JSON.parse(data) as { text: string }).text })
        })
      } catch (error) {
        const { code, isOffline } = error as RequestError
        const title = isOffline ? '没有网络' : '回答中断了'
        if (code !== 'ABORTED') wx.showToast({ title, icon: 'none', fail() {} })
      }
      if (this.answering === stream) this.setData({ isAnswering: false })
    },

    stop() {
      this.answering?.abort()
    },

    onUnload() {
      this.stop()
    },
  })
  // #endregion
}

export async function theRest(api: Client, options: StreamOptions, show: (event: ServerSentEvent) => void) {
  // #region the-rest
  const MENDS = ['NETWORK', 'OFFLINE', 'INTERRUPTED', 'TIMEOUT']
  let last = ''
  for (let tries = 1; ; tries++) {
    const header = last ? { 'Last-Event-ID': last } : {}
    const stream = streamEvents(api, { ...options, header })
    try {
      await stream.forEach(show)
      return
    } catch (error) {
      if (stream.lastEventId) [last, tries] = [stream.lastEventId, 0]
      if (!(error instanceof RequestError) || !MENDS.includes(error.code) || tries === 5) throw error
      const { retry = 1000 } = stream
      await new Promise((resolve) => setTimeout(resolve, retry))
    }
  }
  // #endregion
}

import type { ServerSentEvent, Stream } from 'miniprogram-session/stream'
import { quiet, told } from '../../services/api'
import { dev } from '../../services/dev'
import { routesOn } from '../../services/server'
import { type Ending, growing, readAnswer } from './answers'

/** How an answer ended stands below it. */
const server = routesOn(quiet)

/** More than any talk is high, in px: WeChat scrolls as far as it goes, and not at all to where it was told to be before. */
const FAR = 100_000

/** A question, and its answer as far as it has come. */
interface Turn {
  id: number
  question: string
  answer: string
  state: 'waiting' | 'answering' | Ending['state']
  /** The server's name for the last word that is here. */
  last: string
  told: Ending['told']
  isInterrupted: boolean
}

interface Flags {
  isAnswering?: boolean
  cutsNext?: boolean
}

Page({
  data: {
    turns: [] as Turn[],
    question: '',
    isAnswering: false,
    top: 0,
    suggestions: [
      '为什么一次登录只用一个 code？',
      '回答说到一半，token 失效了怎么办？',
      '断线了怎么接着说？',
    ],
    cutsNext: false,
  },

  stream: undefined as Stream<ServerSentEvent> | undefined,
  isShown: false,
  hasBeenHidden: false,
  /** Whether the latest words are kept in sight: until the user scrolls back. */
  follows: true,
  scrolledTo: { scrollTop: 0, scrollHeight: 0 },

  onShow() {
    this.isShown = true
    this.takeUp()
  },

  onHide() {
    this.isShown = false
    this.hasBeenHidden = true
  },

  onUnload() {
    this.stop()
  },

  type({ detail }: WechatMiniprogram.Input) {
    this.setData({ question: detail.value })
  },

  send() {
    this.ask(this.data.question.trim())
  },

  suggest({ currentTarget }: WechatMiniprogram.TouchEvent) {
    this.ask((currentTarget.dataset as { question: string }).question)
  },

  ask(question: string) {
    const { turns, isAnswering } = this.data
    if (!question || isAnswering) return
    const fresh = { answer: '', last: '', told: null, isInterrupted: false }
    const turn: Turn = { id: turns.length, question, state: 'waiting', ...fresh }
    this.setData({ turns: [...turns, turn], question: '' })
    this.answer(turn.id)
  },

  goOn({ currentTarget }: WechatMiniprogram.TouchEvent) {
    if (!this.data.isAnswering) this.answer((currentTarget.dataset as { id: number }).id)
  },

  stop() {
    this.stream?.abort()
  },

  /** Asks for what is missing of an answer: all of it, or what comes after the words that are here. */
  answer(id: number) {
    const turn = this.data.turns[id]
    if (!turn) return
    const stream = server.chat(turn.question, turn.last, this.data.cutsNext ? dev.cutShort : {})
    this.stream = stream
    this.follows = true
    const before = { state: 'waiting', told: null, isInterrupted: false } as const
    this.change(id, before, { isAnswering: true, cutsNext: false })
    const said = growing(turn.answer, (answer, drawn) =>
      this.change(id, { state: 'answering', answer }, {}, drawn),
    )
    readAnswer(
      stream,
      (text) => said.add(text),
      (ending) => {
        const last = stream.lastEventId || turn.last
        this.change(id, { ...ending, answer: said.end(), last }, { isAnswering: false })
        if (this.isShown) this.takeUp()
      },
    )
  },

  /** WeChat ends what goes on for 5 s in the background (network guide). Nobody should have to press a button for that. */
  takeUp() {
    const [turn] = this.data.turns.slice(-1)
    if (!turn?.isInterrupted || this.data.isAnswering || !this.hasBeenHidden) return
    this.hasBeenHidden = false
    this.answer(turn.id)
  },

  /** Writes fields of a turn, and flags of the page with them; keeps the end in sight. */
  change(id: number, turn: Partial<Turn>, more: Flags = {}, drawn?: () => void) {
    const data: Record<string, unknown> = { ...more }
    for (const [field, value] of Object.entries(turn)) data[`turns[${id}].${field}`] = value
    this.setData(data, () => {
      if (this.follows) this.setData({ top: this.data.top + FAR })
      drawn?.()
    })
  },

  scrolled({ detail: { scrollTop, scrollHeight } }: WechatMiniprogram.ScrollViewScroll) {
    const before = this.scrolledTo
    // A talk that gets shorter, because a note below an answer goes, moves as well.
    if (scrollTop < before.scrollTop && scrollHeight >= before.scrollHeight) this.follows = false
    this.scrolledTo = { scrollTop, scrollHeight }
  },

  follow() {
    this.follows = true
  },

  cutNext() {
    this.setData({ cutsNext: !this.data.cutsNext })
  },

  killToken() {
    dev.expireToken().then(() => {
      wx.showToast({ title: 'token 已失效，问点什么试试', icon: 'none' })
    }, told)
  },
})

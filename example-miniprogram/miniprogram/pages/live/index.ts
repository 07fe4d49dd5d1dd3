import type { Socket, SocketState } from 'miniprogram-session/socket'
import { told } from '../../services/api'
import { dev } from '../../services/dev'
import { server } from '../../services/server'

/** More than any talk is high, in px. */
const FAR = 100_000

/** What the user is told of the connection, and what a tap on it does. */
const STATES: Record<SocketState, { words: string; action: string }> = {
  connecting: { words: '连接中', action: '' },
  open: { words: '已连接', action: '' },
  waiting: { words: '连接断开，稍后自动重连', action: '立即重连' },
  hidden: { words: '已在后台断开，回来后重连', action: '' },
  closed: { words: '连接已结束', action: '重新连接' },
}

/** What was said here. The server says it back, which is how it is known to have arrived. */
interface Line {
  id: number
  text: string
  state: 'sent' | 'arrived' | 'lost'
}

Page({
  data: {
    state: 'connecting',
    ...STATES.connecting,
    /** How often it has been connected, for those who want to see it come back. */
    opens: 0,
    lines: [] as Line[],
    text: '',
    top: 0,
  },

  socket: undefined as Socket | undefined,

  onLoad() {
    this.connect()
  },

  onUnload() {
    this.socket?.close()
  },

  /** Its login, the token of the moment, and the next try are the socket's own business; the page only shows it. */
  connect() {
    const socket = server.live()
    this.socket = socket
    socket.on('state', (state) => this.setData({ state, ...STATES[state] }))
    socket.on('open', () => this.setData({ opens: this.data.opens + 1 }))
    socket.on('message', ({ data }) => this.hear(data))
    // What was under way when the line broke may have arrived or not: nothing is sent twice unasked.
    socket.on('close', ({ wasOpen, willReconnect }) => {
      if (wasOpen || !willReconnect) this.mark((line) => line.state === 'sent', 'lost')
    })
    this.setData({ state: socket.state, ...STATES[socket.state] })
  },

  again() {
    if (this.data.state === 'closed') this.connect()
    else this.socket?.reconnect()
  },

  hear(data: string | ArrayBuffer) {
    const said = this.data.lines.find(({ state, text }) => state === 'sent' && data === `echo ${text}`)
    if (said) this.mark(({ id }) => id === said.id, 'arrived')
  },

  mark(which: (line: Line) => boolean, state: Line['state']) {
    this.setData({ lines: this.data.lines.map((line) => (which(line) ? { ...line, state } : line)) })
  },

  type({ detail }: WechatMiniprogram.Input) {
    this.setData({ text: detail.value })
  },

  say() {
    const text = this.data.text.trim()
    if (!text) return
    const { lines, top } = this.data
    const state = this.socket?.send(text) ? 'sent' : 'lost'
    const line: Line = { id: lines.length, text, state }
    this.setData({ lines: [...lines, line], text: '', top: top + FAR })
  },

  sayAgain({ currentTarget }: WechatMiniprogram.TouchEvent) {
    const { id } = currentTarget.dataset as { id: number }
    const line = this.data.lines[id]
    if (line?.state === 'lost' && this.socket?.send(line.text)) this.mark((one) => one === line, 'sent')
  },

  breakLine() {
    this.socket?.send(dev.breakLine)
  },

  killToken() {
    dev.expireToken().then(() => {
      wx.showToast({ title: 'token 已失效，说点什么试试', icon: 'none' })
    }, told)
  },
})

// The recipes of docs/sockets.md: what stands between #region and #endregion is what it shows, word for word.
import type { Client } from 'miniprogram-session'
import { openSocket, type Socket } from 'miniprogram-session/socket'

export function first(api: Client, show: (message: unknown) => void) {
  // #region first
  const socket = openSocket(api, { url: '/ws', heartbeat: {} })
  socket.on('message', ({ data }) => show(JSON.parse(data as string)))
  socket.send(JSON.stringify({ type: 'hello' }))
  // #endregion
  return socket
}

export function livePage(api: Client) {
  // #region live-page
  Page({
    data: { messages: [] as string[], state: 'connecting' },
    socket: undefined as Socket | undefined,

    onLoad({ room }: { room: string }) {
      const socket = openSocket(api, { url: `/ws?room=${encodeURIComponent(room)}`, heartbeat: {} })
      this.socket = socket
      socket.on('state', (state) => this.setData({ state }))
      socket.on('message', ({ data }) =>
        this.setData({ messages: this.data.messages.concat(data as string) }),
      )
      socket.on('error', ({ code }) => {
        if (socket.state === 'closed' && code !== 'LOGGED_OUT')
          wx.showToast({ title: '连接已断开', icon: 'none', fail() {} })
      })
    },

    say(event: { detail: { value: { text: string } } }) {
      this.socket?.send(event.detail.value.text)
    },

    onUnload() {
      this.socket?.close()
    },
  })
  // #endregion
}

export function ticket(api: Client) {
  // #region ticket
  const socket = openSocket(api, {
    auth: false,
    url: async () => {
      const { ticket } = await api.post<{ ticket: string }>('/ws-tickets')
      return `/ws?ticket=${encodeURIComponent(ticket)}`
    },
  })
  // #endregion
  return socket
}

export function verified(api: Client) {
  // #region verify
  const socket = openSocket(api, { url: '/ws', verify: () => api.get('/me') })
  // #endregion
  return socket
}

export function networked(socket: Socket) {
  // #region socket-network
  wx.onNetworkStatusChange(({ isConnected }) => {
    if (isConnected && socket.state === 'waiting') socket.reconnect()
  })
  // #endregion
}

// The READMEs' recipe for a WebSocket: see recipes.ts.
import type { Client } from 'miniprogram-session'

export function socket(api: Client, show: (data: string | ArrayBuffer) => void) {
  // #region socket
  const connect = (token: string) =>
    new Promise<WechatMiniprogram.SocketTask>((resolve, reject) => {
      const task = wx.connectSocket({
        url: 'wss://api.example.com/live',
        header: { Authorization: `Bearer ${token}` },
        fail: reject,
      })
      task.onMessage(({ data }) => (data === 'ready' ? resolve(task) : show(data)))
      task.onError(reject)
      task.onClose(reject)
    })

  const open = () =>
    api.authorize(connect, {
      isUnauthorized: ({ error }) => (error as { code?: number } | undefined)?.code === 4401,
    })
  // #endregion
  return open
}

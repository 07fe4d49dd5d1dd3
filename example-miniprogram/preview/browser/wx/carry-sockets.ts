import type { SocketHandler } from 'miniprogram-session/testing'
import type { SocketHead } from '../../protocol'

/**
 * Takes the sockets of `wx.connectSocket` to the preview's server, over a WebSocket of the browser's each: a page of the web
 * cannot say what its handshake carries, and is not told how one was refused.
 */
export const carrySockets: SocketHandler = (connection) =>
  new Promise((done) => {
    const { request, protocols } = connection
    const { url, header } = request
    const order = encodeURIComponent(JSON.stringify({ url, header, protocols }))
    const line = new WebSocket(`ws://${location.host}/__preview/socket?order=${order}`)
    line.binaryType = 'arraybuffer'
    let hasHead = false
    line.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (hasHead) {
        connection.send(data)
        return
      }
      hasHead = true
      const { status } = JSON.parse(data as string) as SocketHead
      if (status !== undefined) connection.refuse(status)
      done()
    })
    line.addEventListener('close', ({ code, reason }) => {
      // Before any head: nobody was reached.
      if (code === 1006 || !hasHead) connection.drop()
      else connection.close(code, reason)
      done()
    })
    connection.onMessage((data) => line.send(data))
    // A browser may close with these alone; with any other the line just ends, and so does the one behind it.
    connection.onClose(({ code, reason }) => {
      if (code === 1000 || code >= 3000) line.close(code, reason)
      else line.close()
    })
  })

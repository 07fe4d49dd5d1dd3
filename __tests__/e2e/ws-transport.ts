import { WebSocket } from 'ws'
import type { SocketHandler } from '../../src/testing'

/** Takes the sockets of a fake phone to a real server. */
export const wsTransport: SocketHandler = (line) =>
  new Promise((resolve) => {
    const { url, header } = line.request
    const ws = new WebSocket(url, [...line.protocols], { headers: header })
    ws.on('open', resolve)
    ws.on('unexpected-response', (_request, { statusCode = 500 }) => {
      line.refuse(statusCode)
      ws.terminate()
    })
    // A close follows.
    ws.on('error', () => undefined)
    ws.on('message', (bytes: Buffer, isBinary: boolean) =>
      line.send(isBinary ? new Uint8Array(bytes).buffer : bytes.toString()),
    )
    ws.on('close', (code, reason) => {
      if (code === 1006) line.drop()
      else line.close(code, reason.toString())
      resolve()
    })
    line.onMessage((data) => ws.send(data))
    line.onClose(({ code, reason }) => {
      if (code === 1006 || ws.readyState !== ws.OPEN) ws.terminate()
      else ws.close(code, reason)
    })
  })

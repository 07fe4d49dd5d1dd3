import websocket, { type WebSocket } from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { bearerToken } from '../authenticate.ts'
import type { Sessions } from '../sessions.ts'

/** Of the range that applications may use (RFC 6455, 7.4.2): what 401 is to a request. */
const UNAUTHORIZED = 4401

/** In development: breaks the line, as networks do. */
const BREAK = 'dev:break'

/** bytes of one message */
const MAX_MESSAGE = 64 * 1024

/**
 * A socket that answers: `ping` with `pong`, anything else with `echo` and what was said. It opens for anybody and then closes with 4401
 * whoever has no live session, because phones do not tell their app the status with which a handshake was refused.
 */
export async function socketRoute(
  app: FastifyInstance,
  sessions: Sessions,
  development: boolean,
): Promise<void> {
  await app.register(websocket, { options: { maxPayload: MAX_MESSAGE } })
  app.get('/ws', { websocket: true, schema: { hide: true } }, (socket, request) => {
    // Listening at once: what comes while the store is asked would be lost.
    let turn = closeIfDead(socket, request, sessions)
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (development && !isBinary && data.toString() === BREAK) return socket.terminate()
      // In order, and each time anew: a session may end while its socket is open.
      turn = turn
        .then(() => closeIfDead(socket, request, sessions))
        .then(() => {
          if (socket.readyState === socket.OPEN) socket.send(isBinary ? data : answerTo(data.toString()))
        })
        .catch(() => socket.terminate())
    })
    turn.catch(() => socket.terminate())
  })
}

function answerTo(text: string): string {
  return text === 'ping' ? 'pong' : `echo ${text}`
}

async function closeIfDead(socket: WebSocket, request: FastifyRequest, sessions: Sessions): Promise<void> {
  const token = bearerToken(request)
  if (token === undefined || !(await sessions.find(token))) socket.close(UNAUTHORIZED, 'no live session')
}

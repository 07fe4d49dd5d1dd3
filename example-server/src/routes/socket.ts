import websocket, { type WebSocket } from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Ended, type Auth } from 'miniprogram-session-server'

/** Of the range that applications may use (RFC 6455, 7.4.2): what 401 is to a request. */
const UNAUTHORIZED = 4401
/** and 403: somebody has ended this session, and a login by itself must not mend that */
const ENDED = 4403
/** RFC 6455, 7.4.1: the server goes away */
const GOING_AWAY = 1001

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
  auth: Auth,
  ending: AbortSignal,
  development: boolean,
): Promise<void> {
  await app.register(websocket, { options: { maxPayload: MAX_MESSAGE } })
  ending.addEventListener('abort', () => {
    for (const socket of app.websocketServer.clients) socket.close(GOING_AWAY)
  })
  app.get('/ws', { websocket: true, schema: { hide: true } }, (socket, request) => {
    // Listening at once: what comes while the store is asked would be lost.
    let turn = closeIfDead(socket, request, auth)
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (development && !isBinary && data.toString() === BREAK) return socket.terminate()
      // In order, and each time anew: a session may end while its socket is open.
      turn = turn
        .then(() => closeIfDead(socket, request, auth))
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

async function closeIfDead(socket: WebSocket, { headers }: FastifyRequest, auth: Auth): Promise<void> {
  const [, token] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  try {
    if (!(await auth.authenticate(token))) socket.close(UNAUTHORIZED, 'no live session')
  } catch (error) {
    if (!(error instanceof Ended)) throw error
    socket.close(ENDED, error.code)
  }
}

import type { FakeConnection, FakeServer } from 'miniprogram-session/testing'

/** What 401 is to a request: see example-server/src/routes/socket.ts. */
const UNAUTHORIZED = 4401

/** `ping` is answered with `pong`, anything else with `echo` and itself; `dev:break` breaks the line. */
export function socketRoute(server: FakeServer): void {
  server.onSocket('/ws', (connection) => {
    if (isDead(server, connection)) return
    connection.onMessage((data) => {
      if (data === 'dev:break') connection.drop()
      else if (isDead(server, connection)) return
      else connection.send(typeof data !== 'string' ? data : data === 'ping' ? 'pong' : `echo ${data}`)
    })
  })
}

/** It opens for anybody and then closes: phones do not tell the status with which a handshake was refused. */
function isDead(server: FakeServer, connection: FakeConnection): boolean {
  if (server.isAuthorized(connection.request)) return false
  connection.close(UNAUTHORIZED, 'no live session')
  return true
}

import type { FakeConnection, SocketHandler } from './connection'
import type { FakeRequest } from './request'

/** What a back end has for `wx.connectSocket`. */
export interface SocketRoutes {
  /**
   * Takes the sockets of `path`; others are refused with 404. Put `server.guardSocket` around the handler for a 401 to
   * handshakes without a live token. Returns what takes it away again.
   *
   * ```ts
   * fake.server.onSocket('/ws', fake.server.guardSocket((socket) => socket.onMessage((data) => socket.send(`echo ${data}`))))
   * ```
   */
  onSocket(path: string, handler: SocketHandler): () => void
  guardSocket(handler: SocketHandler): SocketHandler
  /** The back end's side of `wx.connectSocket`. */
  readonly handleSocket: SocketHandler
  /** Each socket in the order of arrival, those refused too, unless the fake was made with `record: false`. */
  readonly connections: FakeConnection[]
}

export function createSocketRoutes(
  record: boolean,
  isAuthorized: (request: FakeRequest) => boolean,
): SocketRoutes {
  const routes = new Map<string, SocketHandler>()
  const connections: FakeConnection[] = []
  return {
    onSocket(path, handler) {
      routes.set(path, handler)
      return () => {
        if (routes.get(path) === handler) routes.delete(path)
      }
    },
    guardSocket: (handler) => (connection) => {
      if (isAuthorized(connection.request)) return handler(connection)
      connection.refuse(401)
    },
    handleSocket(connection) {
      if (record) connections.push(connection)
      const route = routes.get(connection.request.path)
      if (route) return route(connection)
      connection.refuse(404)
    },
    connections,
  }
}

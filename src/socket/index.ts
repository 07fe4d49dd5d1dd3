import type { Client } from '../index'
import type { SocketOptions } from './options'
import { connectSocket } from './socket'
import type { Socket } from './types'

/**
 * Connects, and again whenever the connection is lost, until `close()`, `logout()` or an error that no other try can mend. Each
 * handshake carries the token of the moment; one that is refused as unauthorised leads to the one login that requests share.
 * Throws a `ConfigError` for options that cannot work.
 *
 * ```ts
 * const socket = openSocket(api, { url: '/ws', heartbeat: {} })
 * socket.on('message', ({ data }) => this.show(JSON.parse(data)))
 * socket.send(JSON.stringify({ type: 'hello' }))
 * // onUnload
 * socket.close()
 * ```
 */
export function openSocket(client: Client, options: SocketOptions): Socket {
  return connectSocket(client, options)
}

export type { Heartbeat, SocketOptions } from './options'
export type { CloseEvent, Socket, SocketEvents, SocketState } from './types'

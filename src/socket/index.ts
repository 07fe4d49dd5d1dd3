export { openSocket } from './socket'
export type { Heartbeat, SocketOptions } from './options'
export type { CloseEvent, Socket, SocketEvents, SocketState } from './types'

import type { ServerMessage } from '../../protocol'

type Listener<Type extends ServerMessage['type']> = (message: Extract<ServerMessage, { type: Type }>) => void

/** ms between two tries to reach a server that has gone away. */
const AGAIN = 300

/** The line from the preview's server: opened again whenever it breaks, under another name then. */
export class ServerLine {
  readonly #listeners = new Map<string, ((message: ServerMessage) => void)[]>()
  readonly #onLost: (() => void)[] = []
  #named: (client: string | undefined) => void = () => undefined
  /** The name under which the server knows this window; `undefined` while there is no server. */
  client: Promise<string | undefined> = new Promise((resolve) => (this.#named = resolve))

  constructor() {
    this.on('hello', ({ client }) => this.#name(client))
    this.#connect()
  }

  on<Type extends ServerMessage['type']>(type: Type, listener: Listener<Type>): void {
    const listeners = this.#listeners.get(type) ?? []
    this.#listeners.set(type, [...listeners, listener as (message: ServerMessage) => void])
  }

  /** What was under way when the line broke will not be answered any more. */
  onLost(listener: () => void): void {
    this.#onLost.push(listener)
  }

  #name(client: string | undefined): void {
    this.#named(client)
    this.client = Promise.resolve(client)
  }

  #connect(): void {
    const socket = new WebSocket(`ws://${location.host}/__preview/line`)
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as ServerMessage
      for (const listener of this.#listeners.get(message.type) ?? []) listener(message)
    })
    socket.addEventListener('close', () => {
      this.#name(undefined)
      for (const listener of this.#onLost) listener()
      setTimeout(() => this.#connect(), AGAIN)
    })
  }
}

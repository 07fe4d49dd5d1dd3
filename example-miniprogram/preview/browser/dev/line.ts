import type { ServerMessage } from '../../protocol'

type Listener<Type extends ServerMessage['type']> = (message: Extract<ServerMessage, { type: Type }>) => void

/** The event stream from the preview's server. The browser opens it again by itself when it breaks. */
export class ServerLine {
  readonly #listeners = new Map<string, ((message: ServerMessage) => void)[]>()
  /** Resolves to the name under which the server knows this window. */
  readonly client: Promise<string>

  constructor() {
    const source = new EventSource('/__preview/events')
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as ServerMessage
      for (const listener of this.#listeners.get(message.type) ?? []) listener(message)
    })
    this.client = new Promise((resolve) => this.on('hello', ({ client }) => resolve(client)))
  }

  on<Type extends ServerMessage['type']>(type: Type, listener: Listener<Type>): void {
    const listeners = this.#listeners.get(type) ?? []
    this.#listeners.set(type, [...listeners, listener as (message: ServerMessage) => void])
  }
}

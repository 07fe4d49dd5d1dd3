import { LANES, Lanes, Share, type Lane } from '../../src/transport/lanes'

/** One client on the phone, as the lanes see it. */
export interface Client {
  share: Share
  /** Its requests on the wire, by their number. */
  running: Map<number, Lane>
  isLoggedIn: boolean
  /** A request with a token asks, or one without: at once, or it waits. */
  ask(id: number, isOpen?: boolean): void
  done(id: number): void
}

interface Options {
  limit?: number
  hasOwnLogin?: boolean
  isLoggedIn?: boolean
}

/** A phone whose clients send requests; `order` is the order in which these went out. */
export function phoneOfLanes() {
  const lanes = new Lanes(LANES)
  const order: number[] = []
  const clients: Client[] = []

  function client({ limit = 10, hasOwnLogin = false, isLoggedIn = true }: Options = {}): Client {
    const made: Client = {
      share: new Share(lanes, limit, () => made.isLoggedIn),
      running: new Map(),
      isLoggedIn,
      ask(id, isOpen = false) {
        const { share } = made
        const run = (lane: Lane): void => {
          order.push(id)
          made.running.set(id, lane)
        }
        const lane = share.take(id, isOpen)
        if (lane) run(lane)
        else share.queue({ id, run }, isOpen)
      },
      done(id) {
        const lane = made.running.get(id)
        if (!lane) throw new Error(`${id} is not on the wire`)
        made.running.delete(id)
        made.share.release(lane)
      },
    }
    if (hasOwnLogin) lanes.keepers++
    clients.push(made)
    return made
  }

  /** So many requests of one client, numbered from `first` on. */
  function fill(one: Client, count: number, first = 1): void {
    for (let n = 0; n < count; n++) one.ask(first + n)
  }

  return {
    lanes,
    order,
    client,
    fill,
    onWire: () => clients.reduce((sum, { running }) => sum + running.size, 0),
  }
}

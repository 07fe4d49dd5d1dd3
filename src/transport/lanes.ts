export interface Lanes {
  /** Takes a free lane at once. False when there is none. */
  take(): boolean
  /** Queues for a lane, first in, first out. Whoever is called owns one lane and must `free()` it once. */
  queue(run: () => void): Place
  free(): void
}

/** A place in the queue; clear `run` to leave it. */
export interface Place {
  run: (() => void) | undefined
}

/**
 * WeChat sends 10 requests at a time and queues the rest itself (wx network guide, base library 1.4.0 and
 * later). We queue before it does, with one lane fewer, so that a login never stands behind stalled requests.
 */
export function createLanes(count: number): Lanes {
  let idle = count
  let line: Place[] = []
  let head = 0
  let draining = false

  /** A loop, not recursion: an API that answers within the call would otherwise nest as deep as the queue. */
  function drain(): void {
    if (draining) return
    draining = true
    while (idle > 0 && head < line.length) {
      const run = line[head++]?.run
      if (!run) continue
      idle--
      run()
    }
    if (head === line.length) {
      line = []
      head = 0
    }
    draining = false
  }

  return {
    take() {
      if (idle === 0 || head < line.length) return false
      idle--
      return true
    },
    queue(run) {
      const place: Place = { run }
      line.push(place)
      drain()
      return place
    },
    free() {
      idle++
      drain()
    },
  }
}

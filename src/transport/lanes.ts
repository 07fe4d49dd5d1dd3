export interface Lanes {
  /** Takes a free lane at once. False when there is none. */
  take(): boolean
  /** Queues for a lane, first in, first out. Whoever is called owns one lane and must `free()` it once. */
  queue(run: () => void): void
  free(): void
}

/**
 * WeChat sends 10 requests at a time and queues the rest itself (wx network guide, base library 1.4.0 and
 * later). We queue before it does, with one lane fewer, so that a login never stands behind stalled requests.
 */
export function createLanes(count: number): Lanes {
  let idle = count
  let line: (() => void)[] = []
  let head = 0
  let draining = false

  /** A loop, not recursion: an API that answers within the call would otherwise nest as deep as the queue. */
  function drain(): void {
    if (draining) return
    draining = true
    for (let run = line[head]; run && idle > 0; run = line[head]) {
      head++
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
    take: () => idle > 0 && head === line.length && idle-- > 0,
    queue(run) {
      line.push(run)
      drain()
    },
    free() {
      idle++
      drain()
    },
  }
}

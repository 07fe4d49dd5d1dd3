export interface Lanes {
  /** Takes a free lane at once. False when there is none. */
  take(): boolean
  /** Queues for a lane; the lowest `id` goes first. Whoever is called owns one lane and must `free()` it once. */
  queue(id: number, run: () => void): void
  free(): void
}

/**
 * WeChat sends 10 requests at a time and queues the rest itself (wx network guide, base library 1.4.0 and
 * later). We queue before it does, with one lane fewer, so that a login never stands behind stalled requests, and
 * so that a request that has to go again does not go behind all that came after it.
 */
export function createLanes(count: number): Lanes {
  let idle = count
  let line: { id: number; run: () => void }[] = []
  let head = 0
  let draining = false

  /** A loop, not recursion: an API that answers within the call would otherwise nest as deep as the queue. */
  function drain(): void {
    if (draining) return
    draining = true
    for (let next = line[head]; next && idle > 0; next = line[head]) {
      head++
      idle--
      next.run()
    }
    // Now and then, so that a queue that is never empty does not grow for ever.
    if (2 * head > line.length) {
      line = line.slice(head)
      head = 0
    }
    draining = false
  }

  return {
    take: () => idle > 0 && head === line.length && idle-- > 0,
    queue(id, run) {
      let place = line.length
      // From the end: nearly all are younger than those who wait.
      while (place > head && (line[place - 1]?.id as number) > id) place--
      line.splice(place, 0, { id, run })
      drain()
    },
    free() {
      idle++
      drain()
    },
  }
}

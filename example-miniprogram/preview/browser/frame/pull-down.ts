import { byId } from './element'

/** How far to pull before it counts, and the farthest the page follows; in px. */
const ENOUGH = 60
const FARTHEST = 110

/** The gesture of pulling a page down to refresh it, with finger or mouse. */
export class PullDown {
  readonly #area = byId('pages')
  readonly #sign = byId('pull')
  readonly #refresh: () => void
  readonly #allowed: () => boolean
  #from: number | undefined
  #distance = 0

  constructor(allowed: () => boolean, refresh: () => void) {
    this.#allowed = allowed
    this.#refresh = refresh
    const passive = { passive: true }
    this.#area.addEventListener('touchstart', (event) => this.#begin(event.touches[0]?.clientY), passive)
    this.#area.addEventListener('touchmove', (event) => this.#move(event.touches[0]?.clientY), passive)
    this.#area.addEventListener('touchend', () => this.#end(), passive)
    this.#area.addEventListener('touchcancel', () => this.#end(), passive)
    this.#area.addEventListener('mousedown', (event) => this.#begin(event.clientY))
    addEventListener('mousemove', (event) => this.#move(event.clientY))
    addEventListener('mouseup', () => this.#end())
  }

  /** Shows the page as refreshing, as `wx.startPullDownRefresh` does, and tells it. */
  start(): void {
    this.#draw(ENOUGH, true)
    this.#refresh()
  }

  stop(): void {
    this.#draw(0, false)
  }

  #begin(y: number | undefined): void {
    if (this.#allowed()) this.#from = y
  }

  #move(y: number | undefined): void {
    if (this.#from === undefined || y === undefined) return
    this.#distance = Math.min(FARTHEST, Math.max(0, (y - this.#from) / 1.5))
    this.#draw(this.#distance, false)
  }

  #end(): void {
    if (this.#from === undefined) return
    this.#from = undefined
    if (this.#distance >= ENOUGH) this.start()
    else if (this.#distance > 0) this.stop()
    this.#distance = 0
  }

  #draw(distance: number, refreshing: boolean): void {
    this.#area.style.setProperty('--pull', `${distance}px`)
    this.#area.classList.toggle('pulled', distance > 0)
    this.#area.classList.toggle('pulling', this.#from !== undefined)
    this.#sign.classList.toggle('refreshing', refreshing)
  }
}

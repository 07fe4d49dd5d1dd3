import { isThenable } from '../app-code'
import type { Core } from '../call/core'
import { inside } from '../entry/door'
import type { Platform } from '../platforms/wechat'
import type { Timer } from '../timers'

type Show = (options: Record<string, unknown>) => unknown

/** What of `wx` is used; all of it may be missing. */
type UiPlatform = Partial<Record<'showLoading' | 'hideLoading' | 'showToast' | 'showModal', Show>>

/** A request that is under way, and how it wants that to be shown. */
export interface Load {
  readonly title: string
  readonly mask: boolean
  /** When it may be shown, ms of the timers. */
  readonly due: number
  readonly minDuration: number
}

/** Who waits for the answer to a dialog. */
export type Dialog = Answered[]
export type Answered = (isYes: boolean) => void

/** ms of a toast: WeChat's 1,500 are short for a sentence. */
const TOAST = 2500

/**
 * Loading and toast of one platform object: WeChat has one slot for both, and hiding the one hides the other (wx.hideLoading page). All
 * that changes anything calls `update()`, which alone shows and hides.
 */
export class Slot {
  private readonly loads: Load[] = []
  /** Until when the loading that is shown must stay. */
  private shownUntil: number | undefined
  private toast = ''
  private toastUntil = 0
  /** The one that is open. */
  dialog: Dialog | undefined
  /** Errors that were shown, and in which dialog if in one. */
  readonly told = new WeakMap<object, Dialog>()
  private isHidden: boolean
  private timer: Timer | undefined

  constructor(
    private readonly core: Core,
    private readonly platform: UiPlatform,
  ) {
    const phone = core.phone()
    this.isHidden = phone.isHidden
    phone.moves.add((isHidden) => {
      this.isHidden = isHidden
      this.update()
    })
  }

  begin(load: Load): void {
    this.loads.push(load)
    // The first one is due before the others, and rings for them.
    if (!this.timer || load.due < this.timer.due) this.update()
  }

  end(load: Load): void {
    this.loads.splice(this.loads.indexOf(load), 1)
    if (!this.loads.length) this.update()
  }

  /** The last one wins, as in WeChat. Nothing while the app is hidden. */
  say(text: string): void {
    if (!text || this.isHidden) return
    this.toast = text
    this.update()
  }

  /** Asks once for all who wait by then. What cannot be asked is said, and answered with no. */
  ask(options: Record<string, unknown> & { content: string }, first: Answered): Dialog {
    const dialog = [first]
    let isOpen = true
    const end = (isYes: boolean, isSeen = true): void => {
      if (!isOpen) return
      isOpen = false
      this.dialog = undefined
      if (!isSeen) this.say(options.content)
      this.update()
      for (const answered of dialog) answered(isYes)
    }
    this.dialog = dialog
    this.update()
    const success = (result: unknown): void => end((Object(result) as { confirm?: unknown }).confirm === true)
    const fail = (): void => end(false, false)
    if (this.isHidden || !this.call('showModal', Object.assign({ success }, options), fail)) fail()
    return dialog
  }

  private update(): void {
    const { loads, core } = this
    const { timers } = core
    if (!loads.length && this.shownUntil === undefined && !this.toast) return this.rest()
    const now = timers.now()
    const isOpen = !this.isHidden && !this.dialog
    this.rest()
    if (this.shownUntil !== undefined) {
      if (loads.length && !this.toast && isOpen) return
      if (now < this.shownUntil) return this.wake(this.shownUntil - now)
      this.shownUntil = undefined
      // A toast of the app's may have taken its place (2.22.1).
      this.call('hideLoading', { noConflict: true })
    }
    if (this.isHidden) this.toast = ''
    if (!isOpen) return
    if (this.toast) {
      const title = this.toast
      this.toast = ''
      if (this.call('showToast', { title, icon: 'none', duration: TOAST })) this.toastUntil = now + TOAST
    }
    const first = this.next()
    if (!first) return
    const due = Math.max(first.due, this.toastUntil)
    if (now < due) return this.wake(due - now)
    const { title, mask, minDuration } = first
    if (this.call('showLoading', { title, mask })) this.shownUntil = now + minDuration
  }

  /** The load that may be shown first. */
  private next(): Load | undefined {
    let first: Load | undefined
    this.loads.forEach((load) => {
      if (!first || load.due < first.due) first = load
    })
    return first
  }

  private wake(ms: number): void {
    this.timer = this.core.timers.wait(ms, () => this.update())
  }

  private rest(): void {
    if (this.timer) this.core.timers.cancel(this.timer)
    this.timer = undefined
  }

  /** Whether it could be called. Some platforms give a promise that nobody else handles. */
  private call(name: keyof UiPlatform, options: Record<string, unknown>, fail: () => void = ignore): boolean {
    const { platform } = this
    try {
      if (!platform[name]) return false
      const returned = platform[name](Object.assign({ fail }, options))
      if (isThenable(returned)) returned.then(undefined, fail)
      return true
    } catch {
      return false
    }
  }
}

function ignore(): void {
  // There is nothing left to show it with.
}

const slots = new WeakMap<Platform, Slot>()

/** One for each platform object. */
export function slotOf(client: unknown): Slot {
  const { core, config } = inside(client)
  const platform = config.platform()
  let slot = slots.get(platform)
  if (!slot) slots.set(platform, (slot = new Slot(core, platform as object)))
  return slot
}

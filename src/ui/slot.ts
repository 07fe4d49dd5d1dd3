import { isThenable } from '../app-code'
import type { Core } from '../call/core'
import { inside } from '../entry/door'
import type { Platform } from '../platforms/wechat'
import type { Timer } from '../timers'

type Show = (options: Record<string, unknown>) => unknown

/** What of `wx` is used; all of it may be missing. */
type UiPlatform = Partial<Record<'showLoading' | 'hideLoading' | 'showToast' | 'showModal', Show>>

/** A request that is under way, and how it wants that to be shown. */
interface Load {
  readonly title: string
  readonly mask: boolean
  /** When it may be shown, ms of the timers. */
  readonly due: number
  readonly minDuration: number
}

export type Answered = (isYes: boolean) => void

/** ms of a toast: WeChat's 1,500 are short for a sentence. */
const TOAST = 2500

export type Slot = ReturnType<typeof createSlot>

/**
 * Loading and toast of one platform object: WeChat has one slot for both, and hiding the one hides the other (wx.hideLoading page). All
 * that changes anything calls `update()`, which alone shows and hides.
 */
function createSlot(core: Core, platform: UiPlatform) {
  const { timers } = core
  const phone = core.phone()
  const loads: Load[] = []
  /** Until when the loading that is shown must stay. */
  let shownUntil: number | undefined
  /** The last one wins, as in WeChat. */
  let toast = ''
  let toastUntil = 0
  /** Who waits for the answer to the dialog that is open. */
  let dialog: Answered[] | undefined
  /** Errors that were told, and those who waited with them. */
  const told = new WeakMap<object, Answered[]>()
  let timer: Timer | undefined

  function update(): void {
    timers.cancel(timer)
    timer = undefined
    if (!loads.length && shownUntil === undefined && !toast) return
    const now = timers.now()
    const isOpen = !phone.isHidden && !dialog
    if (shownUntil !== undefined) {
      if (loads.length && !toast && isOpen) return
      if (now < shownUntil) return wake(shownUntil - now)
      shownUntil = undefined
      // A toast of the app's may have taken its place (2.22.1).
      call('hideLoading', { noConflict: true })
    }
    if (phone.isHidden) toast = ''
    if (!isOpen) return
    if (toast) {
      const title = toast
      toast = ''
      if (call('showToast', { title, icon: 'none', duration: TOAST })) toastUntil = now + TOAST
    }
    if (!loads.length) return
    const { title, mask, minDuration, due } = loads.reduce((one, other) =>
      other.due < one.due ? other : one,
    )
    if (now < due || now < toastUntil) return wake(Math.max(due, toastUntil) - now)
    if (call('showLoading', { title, mask })) shownUntil = now + minDuration
  }

  function wake(ms: number): void {
    timer = timers.wait(ms, update)
  }

  /** Nothing while the app is hidden. */
  function say(text: string): void {
    if (phone.isHidden) return
    toast = text
    update()
  }

  /** Asks once for all who wait by then. What cannot be asked is said, and answered with no. */
  function ask(content: string, [confirmText, cancelText]: readonly string[], waiting: Answered[]): void {
    const end = (isYes: boolean): void => {
      if (dialog !== waiting) return
      dialog = undefined
      update()
      for (const answered of waiting) answered(isYes)
    }
    const fail = (): void => {
      if (dialog === waiting) say(content)
      end(false)
    }
    const success = (result: unknown): void => end((Object(result) as { confirm?: unknown }).confirm === true)
    dialog = waiting
    update()
    if (phone.isHidden || !call('showModal', { content, confirmText, cancelText, success, fail })) fail()
  }

  /** Whether it could be called. Some platforms give a promise that nobody else handles. */
  function call(name: keyof UiPlatform, options: Record<string, unknown>): boolean {
    const { fail = ignore } = options as { fail?: () => void }
    try {
      if (!platform[name]) return false
      const returned = platform[name](Object.assign({ fail }, options))
      if (isThenable(returned)) returned.then(undefined, fail)
      return true
    } catch {
      return false
    }
  }

  phone.moves.add(update)

  return {
    /** Gives what ends it. */
    begin(title: string, mask: boolean, delay: number, minDuration: number): () => void {
      const load: Load = { title, mask, minDuration, due: timers.now() + delay }
      loads.push(load)
      // The first one is due before the others, and rings for them.
      if (!timer || load.due < timer.due) update()
      return () => {
        loads.splice(loads.indexOf(load), 1)
        if (!loads.length) update()
      }
    },

    /** Tells of an error once. True: somebody is asked about it, and `answered` hears what they say. */
    tell(error: object, text: string, buttons: readonly string[] | undefined, answered: Answered): boolean {
      const known = told.get(error)
      if (buttons && dialog && (!known || known === dialog)) {
        told.set(error, dialog)
        dialog.push(answered)
        return true
      }
      if (known) return false
      const waiting = [answered]
      told.set(error, waiting)
      if (buttons) ask(text, buttons, waiting)
      else if (text) say(text)
      return buttons !== undefined
    },
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
  if (!slot) slots.set(platform, (slot = createSlot(core, platform as object)))
  return slot
}

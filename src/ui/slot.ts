import { ignore, promised } from '../app-code'
import type { Core } from '../call/core'
import type { Part } from '../call/middleware'
import { inside } from '../entry/door'
import type { Timer } from '../timers'
import type { Phone } from '../transport/phone'

type Show = (options: object) => unknown

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

/** What is shown of a request, and ends with it. A class: an accessor in a literal would cost more than the rest of loading. */
class Shown implements Part {
  constructor(
    private readonly session: Core['session'],
    readonly abort: () => void,
  ) {}

  /** Any that is current: it has none of its own. */
  get held(): Part['held'] {
    return this.session.held
  }

  listenTo(): void {
    // Nothing is heard of it.
  }
}

export type Answered = (isYes: boolean) => void

/** ms of a toast: WeChat's 1,500 are short for a sentence. */
const TOAST = 2500
/** ms in which somebody who looks at a dialog has answered it: the phone goes to sleep about then. */
const DIALOG = 60_000

export type Slot = ReturnType<typeof createSlot>

/**
 * Loading and toast of one phone: WeChat has one slot for both, and hiding the one hides the other (wx.hideLoading page). All
 * that changes anything calls `update()`, which alone shows and hides.
 */
function createSlot(core: Core, phone: Phone, platform: UiPlatform) {
  const { timers } = core
  let loads: Load[] = []
  /** Until when the loading that is shown must stay. */
  let shownUntil: number | undefined
  /** The last one wins, as in WeChat. What comes while the app is hidden waits for somebody to read it. */
  let toast = ''
  let toastUntil = 0
  /** Who waits for the answer to the dialog that is open. */
  let dialog: Answered[] | undefined
  /** Until when that is taken to be on the screen: then the phone may have lost it. */
  let dialogUntil = 0
  /** Errors that were told, and those who waited with them. */
  const told = new WeakMap<object, Answered[]>()
  let timer: Timer | undefined

  function update(): void {
    timers.cancel(timer)
    timer = undefined
    const now = timers.now()
    const isOpen = !phone.isHidden && now >= dialogUntil
    if (shownUntil !== undefined) {
      if (loads[0] && !toast && isOpen) return
      if (now < shownUntil) return wake(shownUntil - now)
      shownUntil = undefined
      // A toast of the app's may have taken its place (2.22.1).
      call('hideLoading', { noConflict: true })
    }
    if (!isOpen) return
    if (toast) {
      const title = toast
      toast = ''
      toastUntil = now + TOAST
      call('showToast', { title, icon: 'none', duration: TOAST })
    }
    const [first] = loads.sort((one, other) => one.due - other.due)
    if (!first) return
    const { title, mask, minDuration, due } = first
    const at = Math.max(due, toastUntil)
    if (now < at) return wake(at - now)
    shownUntil = now + minDuration
    call('showLoading', { title, mask })
  }

  function wake(ms: number): void {
    timer = timers.wait(ms, update)
  }

  /** Whoever comes to the dialog, or back to it, has all of its time; nobody looks at it in the background. */
  function look(): void {
    if (dialog) dialogUntil = phone.isHidden ? Infinity : timers.now() + DIALOG
    update()
  }

  function say(text?: string): void {
    toast = text || toast
    update()
  }

  /** Asks once for all who wait by then. What cannot be asked is said, and answered with no. */
  function ask(content: string, [confirmText, cancelText]: readonly string[], waiting: Answered[]): void {
    const end = (isYes: boolean, words?: string): void => {
      if (dialog !== waiting) return
      dialog = undefined
      dialogUntil = 0
      say(words)
      for (const answered of waiting) answered(isYes)
    }
    const fail = (): void => end(false, content)
    const success = (result: unknown): void => end((Object(result) as { confirm?: unknown }).confirm === true)
    dialog = waiting
    look()
    if (phone.isHidden) fail()
    else call('showModal', { content, confirmText, cancelText, success }, fail)
  }

  /** It may be missing or throw, and some give a promise that nobody else handles. */
  function call(name: keyof UiPlatform, options: object, fail = ignore): void {
    promised(() => (platform[name] as Show)(Object.assign(options, { fail }))).then(undefined, fail)
  }

  phone.moves.add(look)

  return {
    /** Gives what is to end with its request. */
    begin(title: string, mask: boolean, delay: number, minDuration: number): Part {
      const load: Load = { title, mask, minDuration, due: timers.now() + delay }
      loads.push(load)
      // The first one is due before the others, and rings for them.
      if (!timer || load.due < timer.due) update()
      return new Shown(core.session, () => {
        loads = loads.filter((other) => other !== load)
        if (!loads[0]) update()
      })
    },

    /** Tells of an error once. True: somebody is asked about it, and `answered` hears what they say. */
    tell(error: object, text: string, buttons: readonly string[] | undefined, answered: Answered): boolean {
      const known = told.get(error)
      if (known && !(buttons && known === dialog)) return false
      const waiting = (buttons && dialog) || []
      waiting.push(answered)
      told.set(error, waiting)
      if (!buttons) say(text)
      // Where the dialog may have been lost, the first answer to either of them counts.
      else if (timers.now() >= dialogUntil) ask(text, buttons, waiting)
      return Boolean(buttons)
    },
  }
}

const slots = new WeakMap<Phone, Slot>()

/** One for each phone, however often its platform was adapted. */
export function slotOf(client: unknown): Slot {
  const { core, config } = inside(client)
  const phone = core.phone()
  let slot = slots.get(phone)
  if (!slot) slots.set(phone, (slot = createSlot(core, phone, config.platform() as object)))
  return slot
}

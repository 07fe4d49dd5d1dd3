import type { Root } from 'glass-easel-miniprogram-adapter'
import type { WindowConfig } from '../../compile/config'
import { callHook } from './hooks'
import type { Hooks } from './program'
import type { PageUrl } from './url'

/** WeChat's default of `onReachBottomDistance`. */
const REACH_BOTTOM = 50

/** One page on the stack: its component tree, its place in the document, its life. */
export class Page {
  /** What the page's script knows as `this`. */
  readonly instance: Hooks
  readonly box = document.createElement('div')
  #nearBottom = false
  #height = 0

  constructor(
    readonly url: PageUrl,
    readonly window: WindowConfig,
    private readonly root: Root,
  ) {
    this.instance = root.get() as unknown as Hooks
    Object.assign(this.instance, { route: url.path, options: url.query })
    this.box.className = 'page-box'
    this.box.dataset.page = url.path
    this.box.addEventListener('scroll', () => this.#scrolled(), { passive: true })
  }

  /** Puts the page into the document and begins its life: attached, onLoad, onShow, ready, onReady. */
  open(parent: HTMLElement): void {
    const placeholder = document.createElement('i')
    this.box.append(placeholder)
    parent.append(this.box)
    type Backend = Parameters<Root['attach']>[0]
    this.root.attach(this.box as unknown as Backend, placeholder as unknown as Backend)
    this.call('onLoad', this.url.query)
    this.show()
    requestAnimationFrame(() => {
      if (this.box.isConnected) this.call('onReady')
    })
  }

  show(): void {
    this.box.hidden = false
    this.#lifetime('show')
    this.call('onShow')
  }

  hide(): void {
    this.#lifetime('hide')
    this.call('onHide')
  }

  close(): void {
    this.call('onUnload')
    this.root.release()
    // What comes back for a page that was left: WeChat drops it, the engine would draw it into nothing.
    this.instance.setData = () => undefined
    this.box.remove()
  }

  call(hook: string, ...input: unknown[]): unknown {
    return callHook(this.instance, hook, ...input)
  }

  has(hook: string): boolean {
    return typeof this.instance[hook] === 'function'
  }

  #lifetime(name: string): void {
    this.root.getComponent().triggerPageLifetime(name, [])
  }

  /** onReachBottom comes once for each time the bottom comes near, and again when the page has grown. */
  #scrolled(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.box
    this.call('onPageScroll', { scrollTop })
    const near =
      scrollHeight - scrollTop - clientHeight <= (this.window.onReachBottomDistance ?? REACH_BOTTOM)
    if (near && (!this.#nearBottom || scrollHeight !== this.#height)) this.call('onReachBottom')
    this.#nearBottom = near
    this.#height = scrollHeight
  }
}

import type { Page } from './page'
import { type PageUrl, parsePageUrl } from './url'

/** WeChat's limit of pages opened on top of one another. */
const DEPTH = 10

export interface StackOptions {
  isPage(path: string): boolean
  isTab(path: string): boolean
  /** Makes a page and puts it into the document; its life begins here. */
  open(url: PageUrl): Page
  /** The page on top has changed. */
  changed(top: Page): void
}

/** The page stack with WeChat's five ways to move on it. Each throws with WeChat's reason when it may not. */
export class PageStack {
  readonly #pages: Page[] = []
  /** Tab pages stay alive while another tab is shown. */
  readonly #tabs = new Map<string, Page>()
  readonly #options: StackOptions

  constructor(options: StackOptions) {
    this.#options = options
  }

  /** From the first page to the one on top. */
  get pages(): readonly Page[] {
    return this.#pages
  }

  get top(): Page | undefined {
    return this.#pages[this.#pages.length - 1]
  }

  navigateTo(target: string): void {
    const url = this.#resolve(target)
    if (this.#options.isTab(url.path)) throw new Error('can not navigateTo a tabbar page')
    if (this.#pages.length >= DEPTH) throw new Error('webview count limit exceed')
    this.top?.hide()
    this.#push(url)
  }

  redirectTo(target: string): void {
    const url = this.#resolve(target)
    if (this.#options.isTab(url.path)) throw new Error('can not redirectTo a tabbar page')
    const left = this.#pages.pop()
    if (left) this.#tabs.delete(left.url.path)
    left?.close()
    this.#push(url)
  }

  reLaunch(target: string): void {
    const url = this.#resolve(target)
    while (this.#pages.length > 0) this.#drop()
    for (const page of this.#tabs.values()) page.close()
    this.#tabs.clear()
    this.#push(url)
  }

  navigateBack(delta = 1): void {
    if (this.#pages.length < 2) throw new Error('cannot navigate back at first page')
    for (let left = delta; left > 0 && this.#pages.length > 1; left--) this.#drop()
    this.#reveal()
  }

  switchTab(target: string): void {
    const url = this.#resolve(target)
    if (!this.#options.isTab(url.path)) throw new Error('can not switch to no-tabBar page')
    if (this.top?.url.path === url.path) return
    if (this.#pages.length === 1) this.top?.hide()
    while (this.#pages.length > 0) this.#drop()
    const kept = this.#tabs.get(url.path)
    if (!kept) {
      this.#push({ ...url, query: {} })
      return
    }
    this.#pages.push(kept)
    this.#reveal()
  }

  #resolve(target: string): PageUrl {
    const url = parsePageUrl(target, this.top?.url.path)
    if (!this.#options.isPage(url.path)) throw new Error(`page "${url.path}" is not found`)
    return url
  }

  #push(url: PageUrl): void {
    for (const page of this.#pages) page.box.hidden = true
    const page = this.#options.open(url)
    if (this.#options.isTab(url.path)) this.#tabs.set(url.path, page)
  }

  /** Called by `open` before the page's first hook, so that the page finds itself on the stack. */
  register(page: Page): void {
    this.#pages.push(page)
    this.#options.changed(page)
  }

  /** Takes the top page off: a tab page is put aside, any other one ends. */
  #drop(): void {
    const page = this.#pages.pop()
    if (!page) return
    if (this.#tabs.get(page.url.path) === page) page.box.hidden = true
    else page.close()
  }

  #reveal(): void {
    const page = this.top
    if (!page) return
    this.#options.changed(page)
    page.show()
  }
}

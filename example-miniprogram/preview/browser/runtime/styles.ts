import type { ThemeName } from '../frame/theme'

/** The style sheets of a mini-program: the app's and the components' always, a page's while it is on top. */
export class Styles {
  readonly #pages = new Map<string, HTMLStyleElement>()
  readonly #sheets: HTMLStyleElement[] = []

  add(css: string, page?: string): void {
    const sheet = document.createElement('style')
    sheet.textContent = css
    document.head.append(sheet)
    this.#sheets.push(sheet)
    if (page !== undefined) this.#pages.set(page, sheet)
  }

  showPage(page: string): void {
    for (const [name, sheet] of this.#pages) {
      if (sheet.sheet) sheet.sheet.disabled = name !== page
    }
  }

  /** Makes `@media (prefers-color-scheme: …)` follow the phone in the frame rather than the computer. */
  setTheme(theme: ThemeName): void {
    for (const { sheet } of this.#sheets) {
      for (const rule of sheet?.cssRules ?? []) if (rule instanceof CSSMediaRule) follow(rule, theme)
    }
  }
}

const original = new WeakMap<CSSMediaRule, string>()

function follow(rule: CSSMediaRule, theme: ThemeName): void {
  const query = original.get(rule) ?? rule.media.mediaText
  original.set(rule, query)
  const wanted = /prefers-color-scheme:\s*(light|dark)/.exec(query)?.[1]
  if (wanted) rule.media.mediaText = wanted === theme ? 'all' : 'not all'
}

import type { TabBarConfig, TabItem, Theme } from '../../compile/config'
import { byId, element } from './element'
import { type ThemeName, themed } from './theme'

/** The bar of tabs under the tab pages. */
export class TabBar {
  readonly #bar = byId('tabs')
  readonly #config: TabBarConfig | undefined
  readonly #choose: (path: string) => void
  readonly #badges = new Map<number, string>()

  constructor(config: TabBarConfig | undefined, choose: (path: string) => void) {
    this.#config = config
    this.#choose = choose
  }

  isTab(path: string): boolean {
    return this.#config?.list.some((tab) => tab.pagePath === path) ?? false
  }

  show(path: string, theme: Theme | null, name: ThemeName): void {
    this.#bar.hidden = !this.isTab(path)
    if (!this.#config || this.#bar.hidden) return
    const { backgroundColor, color, selectedColor, borderStyle, list } = this.#config
    const paint = (value: string | undefined): string => themed(value, theme, name) ?? ''
    this.#bar.style.background = paint(backgroundColor)
    this.#bar.style.borderTopColor = paint(borderStyle) === 'white' ? '#ffffff22' : '#00000019'
    this.#bar.replaceChildren(
      ...list.map((tab, index) => {
        const selected = tab.pagePath === path
        const icon = paint(selected ? (tab.selectedIconPath ?? tab.iconPath) : tab.iconPath)
        return this.#button(tab, index, selected, icon, paint(selected ? selectedColor : color))
      }),
    )
  }

  setBadge(index: number, text: string): void {
    if (text) this.#badges.set(index, text)
    else this.#badges.delete(index)
    this.#bar.children[index]?.setAttribute('data-badge', text)
  }

  #button(tab: TabItem, index: number, selected: boolean, icon: string, color: string): HTMLElement {
    const attributes = {
      role: 'tab',
      'aria-selected': String(selected),
      'data-badge': this.#badges.get(index) ?? '',
    }
    const button = element('button', attributes, tab.text)
    button.style.color = color
    if (icon) button.prepend(element('img', { src: icon.replace(/^\//, ''), alt: '' }))
    button.addEventListener('click', () => this.#choose(`/${tab.pagePath}`))
    return button
  }
}

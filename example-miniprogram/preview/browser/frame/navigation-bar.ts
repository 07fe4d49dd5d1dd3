import type { Theme, WindowConfig } from '../../compile/config'
import { byId } from './element'
import { type ThemeName, themed } from './theme'

/** The bar with the page's title and the way back. */
export class NavigationBar {
  readonly #bar = byId('navigation')
  readonly #title = byId('title')
  readonly #back = byId('back')

  constructor(back: () => void) {
    this.#back.addEventListener('click', back)
  }

  show(window: WindowConfig, canGoBack: boolean, theme: Theme | null, name: ThemeName): void {
    const background = themed(window.navigationBarBackgroundColor, theme, name)
    const text = themed(window.navigationBarTextStyle, theme, name)
    this.#bar.style.background = background ?? (name === 'dark' ? '#191919' : '#ffffff')
    this.#bar.style.color =
      (text ?? (name === 'dark' ? 'white' : 'black')) === 'white' ? '#ffffff' : '#000000'
    this.#back.hidden = !canGoBack
    this.setTitle(window.navigationBarTitleText ?? '')
  }

  setTitle(title: string): void {
    this.#title.textContent = title
  }
}

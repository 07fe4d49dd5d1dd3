import type { Theme } from '../../compile/config'

export type ThemeName = 'light' | 'dark'

const KEY = 'preview:theme'

/** Light or dark: the computer's choice until the button in the frame is pressed. */
export class PhoneTheme {
  readonly #listeners = new Set<(theme: ThemeName) => void>()
  readonly #system = matchMedia('(prefers-color-scheme: dark)')
  #chosen = localStorage.getItem(KEY) as ThemeName | null

  constructor() {
    this.#system.addEventListener('change', () => this.#announce())
  }

  get current(): ThemeName {
    return this.#chosen ?? (this.#system.matches ? 'dark' : 'light')
  }

  toggle(): void {
    this.#chosen = this.current === 'dark' ? 'light' : 'dark'
    localStorage.setItem(KEY, this.#chosen)
    this.#announce()
  }

  /** Follows a page around the phone, without remembering it. */
  set(theme: ThemeName): void {
    this.#chosen = theme
    this.#announce()
  }

  /** Calls the listener now and at each change. */
  watch(listener: (theme: ThemeName) => void): void {
    this.#listeners.add(listener)
    listener(this.current)
  }

  onChange(listener: (theme: ThemeName) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #announce(): void {
    for (const listener of this.#listeners) listener(this.current)
  }
}

/** Replaces `@name` in a value from app.json or a page's JSON by what theme.json says for this theme. */
export function themed(value: string | undefined, theme: Theme | null, name: ThemeName): string | undefined {
  return value?.startsWith('@') ? theme?.[name][value.slice(1)] : value
}

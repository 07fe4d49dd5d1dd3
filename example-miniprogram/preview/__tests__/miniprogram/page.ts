type Fields = Record<string, unknown>

/** A page under test: what its script is, and what WeChat gives to it. */
export type Opened<Page> = Page & {
  /** How often it drew. */
  draws: number
  /** Called back once a drawing is done; while it is held, the phone is busy with one. */
  hold(): () => void
  /** Calls `look` whenever the data has changed. */
  watch(look: () => void): void
}

/**
 * Opens a page as WeChat does: `load` runs its script, which calls `Page()`. `setData` takes paths such as `turns[0].answer`,
 * and calls back when it has drawn.
 */
export function openPage<Page extends { data: object }>(load: () => unknown): Opened<Page> {
  const globals = globalThis as { Page?: (options: Page) => void }
  let options: Page | undefined
  globals.Page = (given) => (options = given)
  load()
  delete globals.Page
  if (!options) throw new Error('the script did not call Page()')
  let held: (() => void)[] | undefined
  let look: () => void = () => undefined
  const page = Object.assign(options as Opened<Page>, {
    draws: 0,
    setData(change: Fields, drawn: () => void = () => undefined) {
      page.draws++
      for (const [path, value] of Object.entries(change)) write(page.data as Fields, path, value)
      look()
      if (held) held.push(drawn)
      else drawn()
    },
    watch(given: () => void) {
      look = given
    },
    hold() {
      const waiting: (() => void)[] = (held = [])
      return () => {
        held = undefined
        for (const drawn of waiting) drawn()
      }
    },
  })
  return page
}

function write(data: Fields, path: string, value: unknown): void {
  const names = path.split(/[.[\]]+/)
  const last = names.pop() ?? ''
  const target = names.reduce<Fields>((within, name) => within[name] as Fields, data)
  target[last] = value
}

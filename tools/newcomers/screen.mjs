// A page of a built Taro app in front of its user: what it shows, and a finger on it.
import { performance } from 'node:perf_hooks'
import { setTimeout as turn } from 'node:timers/promises'
import { launch } from './realm.mjs'
import { STEP } from './scenes.mjs'

/** ms until what does not come is given up. */
const PATIENCE = 10_000

/** `globals` are those of the phone that `fake` is the other side of. Time passes while somebody waits for something. */
export function openScreen({ files, globals, fake, start = firstPageOf(files), patience = PATIENCE }) {
  const screen = createTree()
  let failure
  const fail = (error) => (failure ??= error instanceof Error ? error : new Error(String(error)))
  process.on('unhandledRejection', fail)
  const page = launch(files, globals, { start, onData: screen.change, onError: fail })

  async function until(condition, what) {
    const end = performance.now() + patience
    while (!failure && !condition()) {
      if (performance.now() > end) throw new Error(`${what}: it never came. On the screen: ${screen.text()}`)
      // Real time passes by itself.
      await fake.clock.advance?.(STEP)
      await turn(1)
    }
    if (failure) throw failure
  }
  const shows = (words) => until(() => screen.text().includes(words), words)

  return {
    text: screen.text,
    until,
    shows,
    /** Waits for the words, and taps on them. */
    async tap(words) {
      await shows(words)
      for (const sid of screen.pathTo(words)) page.eh(tapOn(sid))
    },
    pullDown: () => page.onPullDownRefresh(),
    leave: () => page.onUnload(),
    /** The app is ended. Its page is not told, as on phones. */
    close: () => process.off('unhandledRejection', fail),
  }
}

const firstPageOf = (files) => JSON.parse(files['app.json']).pages[0]

function tapOn(sid) {
  const target = { id: sid, dataset: { sid } }
  return { type: 'tap', detail: { x: 0, y: 0 }, timeStamp: 0, target, currentTarget: target }
}

/** The nodes that Taro hands to setData, each change under its path: `root.cn.[0].cn` are the children of the first child. */
export function createTree() {
  const data = {}

  function set(path, value) {
    const names = path.split('.').map((name) => name.replace(/^\[(\d+)\]$/, '$1'))
    const last = names.pop()
    let at = data
    for (const name of names) at = at[name] ??= {}
    at[last] = value
  }

  /** From the innermost node with these words outwards, as a tap bubbles. */
  function pathIn(node, words) {
    for (const child of Object.values(node.cn ?? {})) {
      if (String(child.v ?? '').includes(words)) return [node.sid]
      const inside = pathIn(child, words)
      if (inside) return [...inside, node.sid]
    }
    return undefined
  }

  return {
    change: (change) => Object.entries(change).forEach(([path, value]) => set(path, value)),
    /** Words, and addresses of pictures. */
    text: () => JSON.stringify(data.root?.cn ?? []),
    pathTo(words) {
      const sids = pathIn(data.root ?? {}, words)
      if (!sids) throw new Error(`nothing to tap on has the words ${words}`)
      return sids.filter(Boolean)
    },
  }
}

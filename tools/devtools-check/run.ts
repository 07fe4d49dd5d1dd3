import path from 'node:path'
import vm from 'node:vm'
import { ANSWER, exampleWx } from './example-wx'

type Files = Record<string, string | Buffer>

type Data = Record<string, unknown>

interface PageOptions {
  data: Data
  onLoad?: (this: unknown, query: object) => unknown
  onShow?: (this: unknown) => unknown
  /** The chat page's. */
  ask?: (this: unknown, question: string) => unknown
}

/** ms for a page to show what it loads. */
const PATIENCE = 5_000
const CHAT = 'pages/chat/index'

/**
 * Runs the uploaded code's app, its start page and its chat page where there is ECMAScript, timers and a `wx`, and nothing of
 * the web or Node: as on a phone. Resolves when the start page shows its data, and the chat page an answer.
 */
export async function runExample(files: Files): Promise<void> {
  const app = JSON.parse(String(files['app.json'])) as { pages: string[] }
  const [start = ''] = app.pages
  const pages: Record<string, PageOptions> = {}
  let registering = ''
  let launch: ((options: object) => void) | undefined
  const run = loader(files, {
    App: (options: { onLaunch?: (options: object) => void }) => (launch = options.onLaunch?.bind(options)),
    Page: (options: PageOptions) => (pages[registering] = options),
    Component: () => undefined,
    getApp: () => ({}),
    wx: exampleWx(),
    console,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
  })
  const load = (name: string): PageOptions => {
    registering = name
    run(`${name}.js`)
    const page = pages[name]
    if (!page) throw new Error(`${name} did not call Page()`)
    return page
  }
  run('app.js')
  const startPage = load(start)
  launch?.({ path: start, query: {}, scene: 1001 })
  await shown(startPage, start, ({ state }) => state === 'ready')
  if (app.pages.includes(CHAT))
    await shown(load(CHAT), CHAT, isAnswered, (page) => page.ask?.call(page, 'a question'))
}

const isAnswered = ({ turns }: Data): boolean =>
  (turns as { state: string; answer: string }[]).some(
    ({ state, answer }) => state === 'done' && answer === ANSWER,
  )

/** Opens a page, does with it what `use` says, and resolves when its data are as they should be. */
function shown(
  options: PageOptions,
  name: string,
  isThere: (data: Data) => boolean,
  use: (page: PageOptions) => unknown = () => undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const page = Object.assign(Object.create(options) as PageOptions, {
      data: structuredClone(options.data),
      setData(change: Data, drawn: () => void = () => undefined) {
        for (const [place, value] of Object.entries(change)) write(page.data, place, value)
        if (page.data['state'] === 'error')
          end(new Error(`${name} shows ${JSON.stringify(page.data['failure'])}`))
        if (isThere(page.data)) end()
        setTimeout(drawn, 0)
      },
    })
    const timer = setTimeout(() => {
      end(new Error(`${name} does not get ready: ${JSON.stringify(page.data)}`))
    }, PATIENCE)
    const end = (error?: Error) => {
      clearTimeout(timer)
      if (error) reject(error)
      else resolve()
    }
    try {
      page.onLoad?.({})
      page.onShow?.()
      use(page)
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

/** `turns[0].answer`, as `setData` takes it. */
function write(data: Data, place: string, value: unknown): void {
  const names = place.split(/[.[\]]+/)
  const last = names.pop() ?? ''
  names.reduce<Data>((within, name) => within[name] as Data, data)[last] = value
}

/** Requires modules as WeChat does: relative paths, and miniprogram_npm folders upwards. */
function loader(files: Files, globals: Record<string, unknown>): (name: string) => unknown {
  const context = vm.createContext(globals)
  const cache = new Map<string, { exports: unknown }>()
  const isThere = (name: string) => name in files

  function find(from: string, wanted: string): string {
    const folders = [path.posix.dirname(from)]
    if (!wanted.startsWith('.')) {
      for (let folder = path.posix.dirname(from); ; folder = path.posix.dirname(folder)) {
        folders.push(path.posix.join(folder, 'miniprogram_npm'))
        if (folder === '.') break
      }
    }
    const names = folders.map((folder) => path.posix.join(folder, wanted))
    const found = names.flatMap((name) => [name, `${name}.js`, `${name}/index.js`]).find(isThere)
    if (found === undefined) throw new Error(`module '${wanted}' is not defined, require from ${from}`)
    return found
  }

  function run(name: string): unknown {
    const known = cache.get(name)
    if (known) return known.exports
    const module = { exports: {} as unknown }
    cache.set(name, module)
    const code = `(function (require, module, exports) {${String(files[name])}\n})`
    const body = vm.runInContext(code, context, { filename: name }) as (...input: unknown[]) => void
    body((wanted: string) => run(find(name, wanted)), module, module.exports)
    return module.exports
  }

  return run
}

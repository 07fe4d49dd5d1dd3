import path from 'node:path'
import vm from 'node:vm'
import { startPageWx } from './start-page-wx'

type Files = Record<string, string | Buffer>

interface PageOptions {
  data: Record<string, unknown>
  onLoad?: (this: unknown, query: object) => unknown
  onShow?: (this: unknown) => unknown
}

/** ms for the start page to show what it loads. */
const PATIENCE = 5_000

/**
 * Runs the uploaded code's app and start page where there is ECMAScript, timers and a `wx`, and nothing of the
 * web or Node: as on a phone. Resolves when the page shows its data.
 */
export async function runStartPage(files: Files): Promise<void> {
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
    wx: startPageWx(),
    console,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
  })
  run('app.js')
  registering = start
  run(`${start}.js`)
  launch?.({ path: start, query: {}, scene: 1001 })
  const page = pages[start]
  if (!page) throw new Error(`${start} did not call Page()`)
  await shown(page, start)
}

function shown(options: PageOptions, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const page = Object.assign(Object.create(options) as PageOptions, {
      data: structuredClone(options.data),
      setData(change: Record<string, unknown>) {
        Object.assign(page.data, change)
        if (page.data['state'] === 'error')
          end(new Error(`${name} shows ${JSON.stringify(page.data['failure'])}`))
        if (page.data['state'] === 'ready') end()
      },
    })
    const timer = setTimeout(() => end(new Error(`${name} does not get ready`)), PATIENCE)
    const end = (error?: Error) => {
      clearTimeout(timer)
      if (error) reject(error)
      else resolve()
    }
    try {
      page.onLoad?.({})
      page.onShow?.()
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)))
    }
  })
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

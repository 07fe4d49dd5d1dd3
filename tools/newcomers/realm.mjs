// Where a mini-program runs: ECMAScript, timers, App, Page and Component, and the platform's one object. Nothing of the web
// or of Node.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { clearInterval, setInterval } from 'node:timers'
import vm from 'node:vm'

/** ms until a page that shows nothing is given up. */
const PATIENCE = 10_000

/** The code of a built app by path, as the platform would load it. */
export function filesOf(folder) {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(folder, file), readFileSync(file, 'utf8')]),
  )
}

/**
 * Starts the app at its first page and resolves when the page shows `expected`: when it stands in what is handed to setData.
 * Rejects when the app throws, logs an error or leaves a rejection unhandled, and when nothing comes.
 */
export function showStartPage(files, platform, expected) {
  const start = JSON.parse(files['app.json']).pages[0]
  return new Promise((resolve, reject) => {
    let shown = ''
    const timer = setTimeout(
      () => fail(`${start} does not show ${expected}. It was given: ${shown.slice(0, 300) || 'nothing'}`),
      PATIENCE,
    )
    const fail = (error) => end(reject, error instanceof Error ? error : new Error(String(error)))
    const end = (settle, value) => {
      clearTimeout(timer)
      process.off('unhandledRejection', fail)
      settle(value)
    }
    process.on('unhandledRejection', fail)
    const onData = (change) => {
      shown += JSON.stringify(change)
      if (shown.includes(expected)) end(resolve, shown)
    }
    try {
      launch(files, platform, { start, onData, onError: fail })
    } catch (error) {
      fail(error)
    }
  })
}

/** Starts the app at the page `start` and gives that page: what is shown goes to `onData`, what goes wrong to `onError`. */
export function launch(files, platform, { start, onData, onError }) {
  const registered = {}
  const pages = []
  let route = 'app'
  let app = {}
  const told = (...words) => onError(words.map((word) => word?.stack ?? String(word)).join(' '))
  const guarded =
    (set) =>
    (run, ms, ...input) =>
      set(() => {
        try {
          run(...input)
        } catch (error) {
          onError(error)
        }
      }, ms)
  const load = loader(files, {
    ...platform,
    console: { ...console, log() {}, info() {}, debug() {}, warn() {}, error: told },
    setTimeout: guarded(setTimeout),
    clearTimeout,
    setInterval: guarded(setInterval),
    clearInterval,
    App: (options) => (app = options),
    Page: (options) => (registered[route] = () => pageOf(options)),
    Component: (options) => (registered[route] ??= () => componentOf(options)),
    Behavior: (options) => options,
    getApp: () => app,
    getCurrentPages: () => pages,
  })
  load('app.js')
  route = start
  load(`${start}.js`)
  if (!registered[start]) throw new Error(`${start} called neither Page() nor Component()`)
  const options = { path: start, query: {}, scene: 1001, referrerInfo: {} }
  app.onLaunch?.(options)
  app.onShow?.(options)
  const page = registered[start]()
  // JD's cannot be written.
  Object.defineProperty(page, 'triggerEvent', { value() {} })
  const native = Object.values(platform).find((object) => typeof object?.request === 'function')
  native?.onAppHide?.(() => {
    page.onHide?.()
    app.onHide?.()
  })
  native?.onAppShow?.(() => {
    app.onShow?.(options)
    page.onShow?.()
  })
  pages.push(
    Object.assign(page, { route: start, is: start, __route__: start, options: {}, ...dataOf(page, onData) }),
  )
  for (const event of ['created', 'onInit', 'attached', 'didMount', 'onLoad', 'onShow', 'ready', 'onReady'])
    page[event]?.(event === 'onInit' || event === 'onLoad' ? {} : undefined)
  return page
}

/** What every page and component can do. */
function dataOf(page, onData) {
  const data = { ...page.data }
  const setData = (change, done) => {
    Object.assign(data, change)
    onData(change)
    if (done) setTimeout(done.bind(page), 0)
  }
  return {
    data,
    setData,
    $spliceData: setData,
    $batchedUpdates: (run) => run(),
    $page: {},
    createSelectorQuery: () => ({ selectAll: () => ({ boundingClientRect() {} }), exec() {} }),
    selectAllComponents: () => [],
    selectComponent: () => null,
    // Baidu's.
    dispatch() {},
    // Douyin's: that of a page is 0.
    __nodeId__: 0,
  }
}

const pageOf = (options) => Object.assign(Object.create(options), { data: options.data })

/** A page made with Component(): methods beside life cycle, properties beside data. */
function componentOf(options) {
  const properties = Object.fromEntries(
    Object.entries(options.properties ?? {}).map(([name, property]) => [name, property?.value]),
  )
  return {
    ...options,
    ...options.lifetimes,
    ...options.methods,
    properties,
    data: { ...properties, ...options.data },
    dataset: {},
  }
}

/** Requires modules as platforms do: relative paths, and miniprogram_npm folders upwards. */
function loader(files, globals) {
  const context = vm.createContext(globals)
  const cache = new Map()

  function find(from, wanted) {
    const folders = wanted.startsWith('/') ? ['.'] : [path.posix.dirname(from)]
    if (!/^[./]/.test(wanted))
      for (let folder = path.posix.dirname(from); ; folder = path.posix.dirname(folder)) {
        folders.push(path.posix.join(folder, 'miniprogram_npm'))
        if (folder === '.') break
      }
    const found = folders
      .map((folder) => path.posix.join(folder, wanted))
      .flatMap((name) => [name, `${name}.js`, `${name}/index.js`])
      .find((name) => name in files)
    if (found === undefined) throw new Error(`module '${wanted}' is not defined, required from ${from}`)
    return found
  }

  return function load(name) {
    if (cache.has(name)) return cache.get(name).exports
    const module = { exports: {} }
    cache.set(name, module)
    const code = `(function (require, module, exports) {${files[name]}\n})`
    const run = vm.runInContext(code, context, { filename: name })
    run((wanted) => load(find(name, wanted)), module, module.exports)
    return module.exports
  }
}

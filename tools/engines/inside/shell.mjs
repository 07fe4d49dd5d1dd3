/** What each engine's shell has under another name, or not at all. The first thing in a bundle. */
const print = globalThis.print ?? ((line) => globalThis.process.stdout.write(`${line}\n`))

/** A line for whoever started the engine. */
export const say = (message) => print(JSON.stringify(message))

const silence = () => undefined
if (globalThis.console === undefined || globalThis.print !== undefined) {
  globalThis.console = { log: silence, info: silence, warn: silence, error: silence, debug: silence }
}

// fast-check takes hold of them as it loads. Nothing waits in real time: time is `fake.clock`.
const noTime = () => {
  throw new Error('There is no real time here: time in tests is fake.clock.')
}
globalThis.setTimeout = globalThis.setTimeout ?? noTime
globalThis.clearTimeout = globalThis.clearTimeout ?? noTime

/** Turns of the event loop: of Node's, JavaScriptCore's shell's, `qjs --std`'s, quickjs.mjs's or timers.mjs's. */
const later = globalThis.setTimeout
const { os } = globalThis
globalThis.setImmediate =
  globalThis.setImmediate ?? (os ? (run) => os.setTimeout(run, 0) : (run) => later(run, 0))

/** Ends when all that is on its way has run. */
export const turn = () => new Promise((resolve) => void globalThis.setImmediate(resolve))

/** Rejections that nobody has handled in their turn. QuickJS tells of none, nor do promises on timers. */
export const unhandled = []
globalThis.process?.on('unhandledRejection', (error) => unhandled.push(error))
globalThis.setUnhandledRejectionCallback?.((_, error) => unhandled.push(error))

/** Runs a script in the npm build of QuickJS, as `qjs` would: `node tools/engines/quickjs.mjs file.js`. */
import { readFileSync } from 'node:fs'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'

const file = process.argv[2]
const quickjs = await newQuickJSWASMModuleFromVariant(variant)
const runtime = quickjs.newRuntime()
runtime.setMaxStackSize(2 ** 20)
const context = runtime.newContext()

const print = context.newFunction('print', (...words) => {
  process.stdout.write(`${words.map((word) => context.dump(word)).join(' ')}\n`)
})
context.setProp(context.global, 'print', print)
// For the bench: `qjs` has only the time of day.
const cpuTime = context.newFunction('cpuTime', () => {
  const { user, system } = process.cpuUsage()
  return context.newNumber(user + system)
})
context.setProp(context.global, 'cpuTime', cpuTime)

end(context.evalCode(readFileSync(file, 'utf8'), file))
end(runtime.executePendingJobs())

/** An error that nobody caught ends the script, and says where it was thrown. */
function end(result) {
  if (!result.error) return
  const { name, message, stack } = context.dump(result.error)
  process.stderr.write(`${name}: ${message}\n${stack}`)
  process.exit(1)
}

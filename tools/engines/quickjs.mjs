/** Runs a script in the npm build of QuickJS, as `qjs` would: `node tools/engines/quickjs.mjs file.js`. */
import { readFileSync } from 'node:fs'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'

const file = process.argv[2]
const quickjs = await newQuickJSWASMModuleFromVariant(variant)
const runtime = quickjs.newRuntime()
// QuickJS's own standard: with much more, Node's stack ends before it does.
runtime.setMaxStackSize(2 ** 18)
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

// The event loop: each of these has a turn of its own, after all promise jobs.
const turns = []
const setImmediate = context.newFunction('setImmediate', (run) => void turns.push(run.dup()))
context.setProp(context.global, 'setImmediate', setImmediate)

end(context.evalCode(readFileSync(file, 'utf8'), file))
end(runtime.executePendingJobs())
for (let run = turns.shift(); run; run = turns.shift()) {
  end(context.callFunction(run, context.undefined))
  run.dispose()
  end(runtime.executePendingJobs())
}

/** An error that nobody caught ends the script, and says where it was thrown. */
function end(result) {
  if (!result.error) return
  const { name, message, stack } = context.dump(result.error)
  process.stderr.write(`${name}: ${message}\n${stack}`)
  process.exit(1)
}

import { startBackend } from './backend'
import { judge } from './counts'
import { drawLegend } from './draw'
import { report } from './report'
import { scenarios } from './scenarios'
import { perform } from './stage'
import { styleOf } from './style'

/** Plays all scenarios; true when every count is what the laws promise. */
async function play(): Promise<boolean> {
  const style = styleOf(process.stdout, process.env)
  const { paint, glyphs } = style
  const print = (lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`)
  const begun = Date.now()
  const backend = await startBackend()
  let compared = 0
  let wrong = 0
  try {
    // The first connection of a process takes long, and no phone is to blame for it.
    await fetch(`${backend.address}/healthz`)
    print([paint('faint', `The example server is at ${backend.address}.`), '', ...drawLegend(style)])
    for (const [index, scenario] of scenarios.entries()) {
      const performance = await perform(scenario, backend, `visitor-${index + 1}`)
      print(report(scenario, performance, style))
      compared += performance.counts.length
      wrong += judge(performance.counts).length
    }
  } finally {
    await backend.close()
  }
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  const verdict =
    wrong === 0
      ? paint('done', `${glyphs.right} All ${compared} counts are what the laws promise`)
      : paint('failed', `${glyphs.wrong} ${wrong} of ${compared} counts are not what the laws promise`)
  print(['', `${verdict} (${scenarios.length} scenarios, ${seconds} s).`])
  return wrong === 0
}

// Whoever reads may have seen enough, as in `npm run demo | head`; the verdict still stands.
process.stdout.on('error', () => undefined)

play().then(
  (isRight) => {
    process.exitCode = isRight ? 0 : 1
  },
  (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    console.error(`The demo could not be played: ${reason.replace(/\s*\n\s*/g, ' ')}`)
    process.exitCode = 1
  },
)

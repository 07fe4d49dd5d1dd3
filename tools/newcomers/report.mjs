/** Counts and prints what is checked, a line for each; a check that throws has failed, and the error says what is wrong. */
export function createReport(print = console.log) {
  const counts = { passed: 0, failed: 0, skipped: 0 }

  /** What the work resolves to is noted beside its name. Resolves to whether it passed. */
  async function check(name, work) {
    try {
      const note = await work()
      counts.passed++
      print(`ok     ${name}${note ? `: ${note}` : ''}`)
      return true
    } catch (error) {
      counts.failed++
      print(`FAILED ${name}\n${String(error?.message ?? error).replace(/^/gm, '       ')}`)
      return false
    }
  }

  function skip(name, reason) {
    counts.skipped++
    print(`SKIP   ${name}: ${reason}`)
  }

  return { check, skip, counts }
}

/** One that keeps its lines. */
export function quietReport() {
  const lines = []
  return { ...createReport((line) => lines.push(line)), lines }
}

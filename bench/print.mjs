/** A line of a table. */
export function row(name, ...cells) {
  return name.padEnd(20) + cells.map((cell) => String(cell).padStart(14)).join('')
}

/** What was not kept, in words; the process then ends with 1. */
export function tellFailures(failures) {
  for (const words of failures) console.error(`FAILED: ${words}`)
  process.exitCode = failures.length ? 1 : 0
}

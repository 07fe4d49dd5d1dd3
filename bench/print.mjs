/** A line of a table. */
export function row(name, ...cells) {
  return name.padEnd(20) + cells.map((cell) => String(cell).padStart(14)).join('')
}

/**
 * A figure beside its limit and its aim. Over the limit it is a failure; where today's code or a busy machine may be over it, a
 * `ceiling` is what fails, and the line says OVER.
 */
export function bounds(name, figure, goal, failures) {
  const text = Number.isInteger(figure) ? String(figure) : figure.toFixed(2)
  if (!goal) return `${name}: ${text}`
  const { limit, aim, ceiling = limit } = goal
  const isOver = figure > limit
  if (figure > ceiling) failures.push(`${name}: ${text} is over ${ceiling}`)
  return `${name}: ${text} (limit ${limit}${aim === undefined ? '' : `, aim ${aim}`})${isOver ? ' OVER' : ''}`
}

/** What was not kept, in words; the process then ends with 1. */
export function tellFailures(failures) {
  for (const words of failures) console.error(`FAILED: ${words}`)
  process.exitCode = failures.length ? 1 : 0
}

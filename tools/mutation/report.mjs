// Writes docs/mutants.md from Stryker's report and the reasons in survivors.mjs; fails when one is missing.
import { readFileSync, writeFileSync } from 'node:fs'
import { SURVIVORS } from './survivors.mjs'

const ALIVE = ['Survived', 'NoCoverage']
const DEAD = ['Killed', 'Timeout']

const { files } = JSON.parse(readFileSync('tools/mutation/reports/mutation.json', 'utf8'))
const mutants = Object.entries(files).flatMap(([file, { source, mutants }]) =>
  mutants.map((mutant) => ({ ...mutant, file, ...placeOf(source, mutant.location) })),
)

/** The line that a mutant is in, and what of it the mutant replaces. */
function placeOf(source, { start, end }) {
  const lines = source.split('\n')
  const inside = lines.slice(start.line - 1, end.line)
  inside[inside.length - 1] = inside[inside.length - 1].slice(0, end.column - 1)
  const from = inside.join('\n').slice(start.column - 1)
  return { line: lines[start.line - 1].trim(), from: inOneLine(from) }
}

function inOneLine(text) {
  return text.replace(/\s+/g, ' ').trim()
}

const count = (list, ...kinds) => list.filter(({ status }) => kinds.includes(status)).length
const code = (text) =>
  `\`\`${text.startsWith('`') ? ' ' : ''}${text.replaceAll('|', '\\|')}${text.endsWith('`') ? ' ' : ''}\`\``

function score(list) {
  const dead = count(list, ...DEAD)
  return `${((100 * dead) / (dead + count(list, ...ALIVE))).toFixed(1)} %`
}

function tableRow(name, list) {
  const cells = [...DEAD, ...ALIVE, 'Ignored'].map((kind) => count(list, kind))
  return `| ${name} | ${score(list)} | ${cells.join(' | ')} |`
}

const unexplained = []
const used = new Set()
const explained = mutants
  .filter(({ status }) => ALIVE.includes(status))
  .map(({ file, line, from, replacement }) => {
    const to = inOneLine(replacement)
    const known = SURVIVORS.find(
      (one) => one.file === file && one.line === line && one.mutant === `${from} → ${to}`,
    )
    if (known) used.add(known)
    else
      unexplained.push(
        `{ file: '${file}', line: ${JSON.stringify(line)}, mutant: ${JSON.stringify(`${from} → ${to}`)} }`,
      )
    return { file, line, from, to, why: known?.why ?? 'no reason yet' }
  })
// A run on some of the files says nothing of the others.
const stale = SURVIVORS.filter((one) => one.file in files && !used.has(one))

const reasons = [...new Set(explained.map(({ why }) => why))]
const page = `# Mutants

Do the tests bite? [Stryker](https://stryker-mutator.io) puts one small bug after another into \`src/session/\`, \`src/call/\` and
\`src/transport/\`, ${mutants.length} in all, and runs the unit tests, those of the cases and of the laws, and 150 stories against each.
\`npm run mutation\` does it, fails below 90 %, and writes this page; \`tools/mutation/survivors.mjs\` holds the reasons.

**${score(mutants)}** are found: ${count(mutants, 'Killed')} by a test that fails, ${count(mutants, 'Timeout')} because the tests no longer come to an end. ${count(mutants, 'Survived')} survive;
${count(mutants, 'NoCoverage')} are in code that no test runs.

| file | score | killed | timed out | survived | not covered | ignored |
| --- | --- | --- | --- | --- | --- | --- |
${Object.keys(files)
  .map((file) =>
    tableRow(
      `\`${file}\``,
      mutants.filter((one) => one.file === file),
    ),
  )
  .join('\n')}
${tableRow('**all**', mutants)}

Ignored are the words of error messages, and nothing else: a string with a space in it, or a template that only puts
variables in, as an argument of \`new …Error()\`. Tests promise an error's code and what its message names, and no wording.
All other strings are mutated.

## Survivors

${reasons
  .map((why) => {
    const rows = explained.filter((one) => one.why === why)
    return `**${why}**\n\n${rows.map(({ file, line, from, to }) => `- \`${file.replace('src/', '')}\`: ${code(from)} → ${code(to)}${from === line ? '' : ` in ${code(line)}`}`).join('\n')}`
  })
  .join('\n\n')}
`
writeFileSync('docs/mutants.md', page)
console.log(`${score(mutants)} of ${mutants.length} mutants are found. docs/mutants.md has the rest.`)
for (const one of unexplained) console.error(`Survives without a reason: ${one}`)
for (const { file, mutant } of stale) console.error(`Has a reason and does not survive: ${file}, ${mutant}`)
if (unexplained.length > 0) process.exitCode = 1

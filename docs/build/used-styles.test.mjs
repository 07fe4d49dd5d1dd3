import assert from 'node:assert/strict'
import test from 'node:test'
import { usedStyles } from './used-styles.mjs'

const SCRIPTS = [
  'h("nav", { class: "VPNav" }, `<p class="note"><a href="https://a.test">a</a></p>`, `level-${depth}`)',
]

const CASES = [
  ['.VPNav { color: red }', true],
  ['.VPTeam { color: red }', false],
  ['p.note { color: red }', true],
  ['table { color: red }', false],
  ['.dark .VPNav { color: red }', true],
  ['.level-2 { color: red }', true],
  ['.fade-enter-active { color: red }', true],
  [':lang(zh) { color: red }', true],
  [':is(.note a[href*="://"], .none):after { color: red }', true],
]
for (const [rule, isKept] of CASES)
  test(`${rule} ${isKept ? 'stays' : 'goes'}`, async () => {
    assert.equal((await usedStyles(rule, SCRIPTS)).includes('red'), isKept)
  })

test('a variable that nothing uses goes, and one that another one needs stays', async () => {
  const css = ':root { --a: 1px; --b: var(--a); --c: 2px } .VPNav { margin: var(--b) }'
  const used = await usedStyles(css, SCRIPTS)
  assert.match(used, /--a/)
  assert.match(used, /--b/)
  assert.doesNotMatch(used, /--c/)
})

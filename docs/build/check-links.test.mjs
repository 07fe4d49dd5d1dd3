import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { checkLinks } from './check-links.mjs'

function wrongIn(html) {
  const folder = mkdtempSync(path.join(tmpdir(), 'links-'))
  try {
    writeFileSync(path.join(folder, 'index.html'), html)
    writeFileSync(path.join(folder, 'other.html'), '<h2 id="what-&amp;-why">What</h2>')
    return checkLinks(folder, '/base/').wrong
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('what leads somewhere is let pass', () => {
  assert.deepEqual(wrongIn('<a href="/base/other#what-&amp;-why">a</a><a href="other">b</a>'), [])
  assert.deepEqual(wrongIn('<a href="https://example.com/x">elsewhere</a>'), [])
})

test('a page, a heading, a picture that is not there, and a link past the base are told', () => {
  assert.match(wrongIn('<a href="/base/gone">a</a>')[0], /gone is not there/)
  assert.match(wrongIn('<a href="/base/other#gone">a</a>')[0], /no such heading/)
  assert.match(wrongIn('<img src="gone.png">')[0], /gone.png is not there/)
  assert.match(wrongIn('<a href="/other">a</a>')[0], /\/other is not there/)
})

test('what a reader would fetch from another place is told', () => {
  assert.match(wrongIn('<script src="https://example.com/x.js"></script>')[0], /loaded from https/)
})

import { createClient } from '../../src'
import { fuzzAll, report, type FamilyName } from './cases'
import { KNOWN_OF_OPTIONS, KNOWN_OF_STORED } from './known'
import { options } from './options'
import { stored } from './stored'

const SEED = 20_260_101

test.each<[FamilyName, string, number]>([
  ['answers', 'Whatever WeChat and the server answer', 2500],
  ['stored', 'Whatever is stored', 1000],
  ['options', 'Whatever is given as options', 1500],
])(
  '%s: %s, nothing crashes, hangs, goes unhandled or tells a secret (%d cases)',
  async (family, _words, runs) => {
    for (const verdict of await fuzzAll({ runs, seed: SEED, family })) {
      if (verdict.failure) throw new Error(report(verdict))
      expect(verdict.runs).toBe(runs)
    }
  },
  300_000,
)

test('each fault that the cases leave out is still there; one that is mended leaves known.ts', async () => {
  const mended: string[] = []
  for (const { name, isIn, example } of KNOWN_OF_OPTIONS) {
    expect(isIn(example)).toBe(true)
    if ((await options.live(example, { createClient })).length === 0) mended.push(name)
  }
  for (const { name, isIn, example } of KNOWN_OF_STORED) {
    expect(isIn(example)).toBe(true)
    if ((await stored.live(example, { createClient })).length === 0) mended.push(name)
  }
  expect(mended).toEqual([])
})

import { createClient } from '../../src'
import { fuzzAll, report, type FamilyName } from './cases'
import { FOUND_IN_OPTIONS, FOUND_IN_STORED } from './found'
import { options } from './options'
import { stored } from './stored'

const SEED = 20_260_101

test.each<[FamilyName, string, number]>([
  ['answers', 'Whatever WeChat and the server answer', 1500],
  ['stored', 'Whatever is stored', 700],
  ['options', 'Whatever is given as options', 1000],
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

test.each(FOUND_IN_OPTIONS)('mended: $name', async ({ example }) => {
  expect(await options.live(example, { createClient })).toEqual([])
})

test.each(FOUND_IN_STORED)('mended: $name', async ({ example }) => {
  expect(await stored.live(example, { createClient })).toEqual([])
})

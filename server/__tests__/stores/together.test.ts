import { Together } from '../../src/stores/sql/together.ts'

const DEADLINE = 2000

/** Reads that are answered when the test says so. */
function setUp() {
  const reads: { keys: string[]; answer: () => void; fail: () => void }[] = []
  const together = new Together<string>(
    DEADLINE,
    (keys) =>
      new Promise((resolve, reject) => {
        const found = keys.filter((key) => key !== 'nobody').map((key) => [key, `row of ${key}`] as const)
        reads.push({ keys, answer: () => resolve(new Map(found)), fail: () => reject(new Error('lost')) })
      }),
  )
  const find = (...keys: string[]) => keys.map((key) => together.find(key))
  const asked = () => reads.map(({ keys }) => keys)
  return { reads, find, asked, together }
}

const EIGHT = ['1', '2', '3', '4', '5', '6', '7', '8']

test('a few go out at once, each by itself', async () => {
  const { find, asked, reads } = setUp()
  const found = find(...EIGHT.slice(1), 'nobody')
  expect(asked()).toEqual([...EIGHT.slice(1), 'nobody'].map((key) => [key]))
  for (const { answer } of reads) answer()
  expect(await Promise.all(found)).toEqual([...EIGHT.slice(1).map((key) => `row of ${key}`), undefined])
})

test('what comes while many are out goes together when the first of them is back', async () => {
  const { find, asked, reads } = setUp()
  const [first] = find(...EIGHT)
  const more = find('a', 'b', 'nobody')
  expect(asked()).toHaveLength(8)
  reads[0]?.answer()
  expect(await first).toBe('row of 1')
  expect(asked()[8]).toEqual(['a', 'b', 'nobody'])
  reads[8]?.answer()
  expect(await Promise.all(more)).toEqual(['row of a', 'row of b', undefined])
})

test('who asks for the same as another gets a row of their own, read after they asked', async () => {
  const { find, asked, reads } = setUp()
  const [first] = find(...EIGHT)
  const [one, other] = find('a', 'a', 'b')
  reads[0]?.answer()
  await first
  expect(asked()[8]).toEqual(['a', 'b'])
  reads[8]?.answer()
  await one
  expect(asked()[9]).toEqual(['a'])
  reads[9]?.answer()
  expect(await other).toBe('row of a')
})

test('no statement grows without end, and none is left waiting', async () => {
  const { find, asked, reads } = setUp()
  const keys = Array.from({ length: 120 }, (_, index) => `key ${index}`)
  const found = find(...EIGHT, ...keys)
  for (let at = 0; at < reads.length; at += 1) {
    reads[at]?.answer()
    await Promise.all(found.slice(0, Math.min(at + 1, 8)))
    await Promise.resolve()
  }
  expect((await Promise.all(found)).slice(8)).toEqual(keys.map((key) => `row of ${key}`))
  expect(Math.max(...asked().map(({ length }) => length))).toBe(50)
})

test('a read that fails is the failure of those in it alone', async () => {
  const { find, reads } = setUp()
  const [first, second] = find(...EIGHT)
  const [late] = find('a')
  reads[0]?.fail()
  await expect(first).rejects.toThrow('lost')
  reads[1]?.answer()
  reads[8]?.answer()
  expect([await second, await late]).toEqual(['row of 2', 'row of a'])
})

test('of several whose read fails each is read by itself, at once, before who comes later: one alone is refused', async () => {
  const { find, asked, reads } = setUp()
  const first = find(...EIGHT)
  const [good, bad, other] = find('good', 'bad', 'other')
  reads[0]?.answer()
  await first[0]
  for (const { answer } of reads.slice(1, 8)) answer()
  await Promise.all(first)
  reads[8]?.fail()
  await Promise.resolve()
  await Promise.resolve()
  expect(asked().slice(9)).toEqual([['good'], ['bad'], ['other']])
  reads[9]?.answer()
  reads[10]?.fail()
  reads[11]?.answer()
  await expect(bad).rejects.toThrow('lost')
  expect([await good, await other]).toEqual(['row of good', 'row of other'])
  expect(asked()).toHaveLength(12)
})

test('of several whose read was given up nothing is read again', async () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(1000)
  try {
    const { find, asked, reads } = setUp()
    const [first] = find(...EIGHT)
    const both = find('a', 'b')
    reads[0]?.answer()
    await first
    now.mockReturnValue(1000 + DEADLINE + 1)
    reads[8]?.fail()
    for (const one of both) await expect(one).rejects.toThrow('nobody waits')
    expect(asked()).toHaveLength(9)
  } finally {
    now.mockRestore()
  }
})

test('for whom nobody waits any more nothing is read: a database that is back has no old work to do', async () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(1000)
  try {
    const { find, asked, reads } = setUp()
    const [first] = find(...EIGHT)
    const [old] = find('old')
    now.mockReturnValue(1500)
    const [fresh] = find('fresh')
    now.mockReturnValue(1000 + DEADLINE + 1)
    reads[0]?.fail()
    await expect(first).rejects.toThrow('lost')
    await expect(old).rejects.toThrow('nobody waits')
    expect(asked()[8]).toEqual(['fresh'])
    reads[8]?.answer()
    expect(await fresh).toBe('row of fresh')
  } finally {
    now.mockRestore()
  }
})

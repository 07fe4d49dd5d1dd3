import { tellStories } from './story'

const env = (name: string, standard: number) => Number(process.env[name] ?? standard)
const RUNS = env('LAWS_RUNS', 1000)
const SEED = env('LAWS_SEED', 20_260_101)

describe('the laws as properties', () => {
  test(`no sequence of events breaks any of the laws (${RUNS} stories)`, async () => {
    const { runs, failure } = await tellStories(RUNS, SEED, process.env['LAWS_PATH'])
    if (failure) {
      const again = `LAWS_SEED=${failure.seed} LAWS_PATH=${failure.path}`
      throw new Error(
        `${failure.message}\n\nAgain, and only this: ${again} npx jest --selectProjects laws properties`,
      )
    }
    expect(runs).toBeGreaterThan(0)
  }, 600_000)
})

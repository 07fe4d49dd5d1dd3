import { answers } from './answers'
import { fuzz, type Sdk, type Verdict } from './family'
import { options } from './options'
import { stored } from './stored'

/** So many in a hundred of all cases. */
const SHARES = { answers: 50, stored: 20, options: 30 }

export type FamilyName = keyof typeof SHARES

export interface Order {
  runs: number
  seed: number
  /** Only this family; `runs` are then all its own. */
  family?: FamilyName | undefined
  /** One case of it, as a failure names it. */
  path?: string | undefined
}

/** Cases of all families, in their shares. */
export async function fuzzAll({ runs, seed, family, path }: Order, sdk?: Sdk): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  const run = (name: FamilyName) => (family === undefined ? Math.ceil((runs * SHARES[name]) / 100) : runs)
  const isWanted = (name: FamilyName) => family === undefined || family === name
  if (isWanted('answers')) verdicts.push(await fuzz(answers, { runs: run('answers'), seed, path }, sdk))
  if (isWanted('stored')) verdicts.push(await fuzz(stored, { runs: run('stored'), seed, path }, sdk))
  if (isWanted('options')) verdicts.push(await fuzz(options, { runs: run('options'), seed, path }, sdk))
  return verdicts
}

/** A failure in words, with the command that shows it again. */
export function report({ family, failure }: Verdict): string {
  if (!failure) return ''
  const { message, seed, path } = failure
  return `${message}\n\nAgain, and only this: npm run test:fuzz -- --family ${family} --seed ${seed} --path ${path}`
}

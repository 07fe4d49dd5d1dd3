import fc from 'fast-check'
import { createClient } from '../../src'

/** What is under test; a broken one shows that the fuzz can tell. */
export interface Sdk {
  createClient: typeof createClient
}

/** One kind of cases. */
export interface Family<C> {
  name: string
  arbitrary: fc.Arbitrary<C>
  /** The case in words. */
  tell(given: C): string[]
  /** Lives through it; resolves to what was found. */
  live(given: C, sdk: Sdk): Promise<string[]>
}

export interface Verdict {
  family: string
  runs: number
  failure?: { message: string; seed: number; path: string }
}

/** Runs so many cases of a family. A failure is told in its smallest form. */
export async function fuzz<C>(
  family: Family<C>,
  { runs, seed, path }: { runs: number; seed: number; path?: string | undefined },
  sdk: Sdk = { createClient },
): Promise<Verdict> {
  const property = fc.asyncProperty(family.arbitrary, async (given) => {
    const findings = await family.live(given, sdk)
    if (findings.length > 0)
      throw new Error(`${[...new Set(findings)].join('\n')}\n\nThe case:\n${family.tell(given).join('\n')}`)
  })
  const details = await fc.check(property, { numRuns: runs, seed, ...(path !== undefined && { path }) })
  if (!details.failed) return { family: family.name, runs: details.numRuns }
  const { counterexamplePath, errorInstance } = details
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return {
    family: family.name,
    runs: details.numRuns,
    failure: { message, seed, path: counterexamplePath ?? '' },
  }
}

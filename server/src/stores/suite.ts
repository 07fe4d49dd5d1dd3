import type { SessionStore } from './store.ts'
import { endingTests } from './suite/ending.ts'
import type { It, Test } from './suite/given.ts'
import { lifeTests } from './suite/life.ts'
import { modelTests } from './suite/model.ts'
import { namespaceTests } from './suite/namespaces.ts'
import { openingTests } from './suite/opening.ts'
import { restTests } from './suite/rest.ts'

/**
 * What a store promises, as tests for any runner: `storeSuite(test, () => myStore.create('tests'))`. `open` is called once
 * for each test; the store may be the same one.
 */
export function storeSuite(
  test: Test,
  open: (namespace: string) => Promise<SessionStore> | SessionStore,
): void {
  const it: It = (name, run) => test(name, async () => run(await open('suite')))
  openingTests(it)
  lifeTests(it)
  endingTests(it)
  restTests(it)
  namespaceTests(test, open)
  modelTests(it)
}

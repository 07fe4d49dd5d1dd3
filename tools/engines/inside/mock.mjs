/** Jest's own `jest.fn` and `jest.spyOn`. */
import { ModuleMocker } from 'jest-mock'

const mocker = new ModuleMocker(globalThis)
const known = {
  fn: (implementation) => mocker.fn(implementation),
  spyOn: (...args) => mocker.spyOn(...args),
  restoreAllMocks: () => mocker.restoreAllMocks(),
}

export const jest = new Proxy(known, {
  get(_, name) {
    if (name in known) return known[name]
    throw new Error(`jest.${String(name)} is not there: see tools/engines/inside/mock.mjs`)
  },
})

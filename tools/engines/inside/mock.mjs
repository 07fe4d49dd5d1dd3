/** `jest.fn` and `jest.spyOn`, as far as the tests of the laws use them. */
const spies = new Set()

function fn(implementation) {
  let run = implementation
  const once = []
  function spy(...args) {
    spy.mock.calls.push(args)
    const current = once.shift() ?? run
    return current?.apply(this, args)
  }
  const as = (change) => (value) => {
    change(value)
    return spy
  }
  return Object.assign(spy, {
    mock: { calls: [] },
    mockImplementation: as((next) => (run = next)),
    mockImplementationOnce: as((next) => once.push(next)),
    mockReturnValue: as((value) => (run = () => value)),
    mockReturnValueOnce: as((value) => once.push(() => value)),
    mockResolvedValue: as((value) => (run = () => Promise.resolve(value))),
    mockRejectedValue: as((error) => (run = () => Promise.reject(error))),
    mockClear: as(() => (spy.mock.calls = [])),
  })
}

function spyOn(object, name) {
  const original = object[name]
  const isOwn = Object.prototype.hasOwnProperty.call(object, name)
  const spy = fn(original)
  spy.mockRestore = () => {
    spies.delete(spy)
    if (isOwn) object[name] = original
    else delete object[name]
  }
  spies.add(spy)
  object[name] = spy
  return spy
}

const known = { fn, spyOn, restoreAllMocks: () => [...spies].forEach((spy) => spy.mockRestore()) }

export const jest = new Proxy(known, {
  get(_, name) {
    if (name in known) return known[name]
    throw new Error(`jest.${String(name)} is not there: see tools/engines/inside/mock.mjs`)
  },
})

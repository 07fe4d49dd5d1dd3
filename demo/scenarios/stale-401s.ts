import type { Scenario } from '../stage'

const QUICK = 4
const SLOW = 5

export const stale401s: Scenario = {
  title: 'Stale 401s: five answers that come after the login',
  story: 'They refuse a token that has been replaced already: sent again, no second login.',
  promised: { requests: 9, failed: 0, unauthorized: 9, codes: 1, replays: 9 },
  async prepare({ api, backend }) {
    await api.ensureLogin()
    await backend.expire()
  },
  act({ api, watch }) {
    watch(api.get('/me'))
    for (let page = 1; page <= QUICK - 1; page++) watch(api.get('/orders', { page }))
    for (let page = 11; page <= 10 + SLOW; page++) {
      // The server decides at once and answers late.
      const header = { 'x-dev-delay': String(page * 50 - 50) }
      watch(api.get('/orders', { page }, { header }))
    }
  },
  check({ fake }) {
    const { requests } = fake.calls
    const login = requests.find(({ url }) => url.endsWith('/login'))
    const late = requests.filter(
      ({ statusCode, endedAt = 0 }) => statusCode === 401 && endedAt > (login?.endedAt ?? Infinity),
    )
    return [{ what: '401s after the login', promised: SLOW, phone: late.length }]
  },
}

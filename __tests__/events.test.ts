import { knownPhone, result } from './phone'

test('off takes away its own registration only', async () => {
  const { fake, api } = knownPhone()
  let heard = 0
  const listener = () => {
    heard++
  }
  const off = api.on(listener)
  api.on(listener)
  off()
  off()
  await result(fake, api.get('/orders'))
  expect(heard).toBeGreaterThan(0)
})

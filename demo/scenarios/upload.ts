import type { Scenario } from '../stage'

const PICTURE = 'wxfile://tmp/头像-🐼.png'
const SIZE = 400_000

export const upload: Scenario = {
  title: 'Upload: a picture on its way when the session dies',
  story: 'Sent again after the login, and whoever watches its progress goes on watching.',
  promised: { requests: 3, failed: 0, unauthorized: 3, codes: 1, replays: 3 },
  async prepare({ api, backend, fake }) {
    const picture = new Uint8Array(SIZE)
    // The server tells pictures by their first bytes.
    picture.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    fake.files.set(PICTURE, picture.buffer)
    await api.ensureLogin()
    await backend.expire()
  },
  act({ api, watch, progress }) {
    const header = { 'x-dev-delay': '150' }
    const task = api.uploadFile({ url: '/avatar', filePath: PICTURE, name: 'avatar', header })
    task.onProgressUpdate(({ progress: percent }) => progress.push({ at: Date.now(), percent }))
    watch(task)
    watch(api.get('/me'))
    watch(api.get('/orders'))
  },
  check({ progress }, [answer]) {
    const { size } = (answer as { data: { size: number } }).data
    return [
      { what: 'bytes of the picture', promised: SIZE, server: size },
      {
        what: 'uploads seen to reach 100 %',
        promised: 2,
        pages: progress.filter(({ percent }) => percent === 100).length,
      },
    ]
  },
}

import { api } from '../../services/api'
import { enveloped, refreshing } from '../../services/other-back-ends'
import { failureOf } from '../../utils/failure'
import { type Line, lineOf } from '../../utils/words'
import { TROUBLES, type Trouble } from './troubles'

/** How many of the latest events are shown. */
const LATEST = 10

interface Row extends Omit<Trouble, 'run'> {
  tone: '' | 'good' | 'bad'
}

Page({
  data: {
    rows: TROUBLES.map(({ id, name, note }): Row => ({ id, name, note, tone: '' })),
    busy: '',
    latest: [] as (Line & { key: number })[],
  },

  stop: [] as (() => void)[],
  told: 0,

  onLoad() {
    this.stop = [api, enveloped, refreshing].map((client) =>
      client.on((event) => {
        // What the page itself asks to be able to count.
        if (event.type === 'request' && event.url.endsWith('/dev/stats')) return
        const line = { ...lineOf(event), key: this.told++ }
        this.setData({ latest: [line, ...this.data.latest].slice(0, LATEST) })
      }),
    )
  },

  onUnload() {
    for (const stop of this.stop) stop()
  },

  async run({ currentTarget }: WechatMiniprogram.TouchEvent) {
    const { id } = currentTarget.dataset as { id: string }
    const trouble = TROUBLES.find((one) => one.id === id)
    if (!trouble || this.data.busy) return
    this.setData({ busy: id, latest: [] })
    this.conclude(id, '', '进行中')
    try {
      this.conclude(id, 'good', await trouble.run())
    } catch (error) {
      this.conclude(id, 'bad', failureOf(error).title)
    }
    this.setData({ busy: '' })
  },

  conclude(id: string, tone: Row['tone'], note: string) {
    this.setData({ rows: this.data.rows.map((row) => (row.id === id ? { ...row, tone, note } : row)) })
  },
})

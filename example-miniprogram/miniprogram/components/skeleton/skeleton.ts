/** Grey shapes where rows are about to be. */
Component({
  properties: {
    /** How many. */
    count: { type: Number, value: 3 },
    /** The picture each begins with: `round`, `square`, or none. */
    picture: String,
  },
  data: { rows: [] as number[] },
  observers: {
    count(count: number) {
      this.setData({ rows: Array.from({ length: count }, (_, index) => index) })
    },
  },
  lifetimes: {
    attached() {
      this.setData({ rows: Array.from({ length: this.data.count }, (_, index) => index) })
    },
  },
})

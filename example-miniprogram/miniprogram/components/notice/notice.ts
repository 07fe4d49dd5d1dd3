/** An empty list or a failure, said in words, with what can be done about it. */
Component({
  properties: {
    /** `empty` or `error`. */
    kind: { type: String, value: 'error' },
    title: String,
    advice: String,
    /** Text of the button; without it there is none. */
    action: String,
  },
  methods: {
    again() {
      this.triggerEvent('again')
    },
  },
})

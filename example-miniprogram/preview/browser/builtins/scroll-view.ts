import type { Builtin } from './define'

export const scrollView: Builtin = {
  properties: {
    scrollX: Boolean,
    scrollY: Boolean,
    scrollTop: Number,
    scrollLeft: Number,
    scrollIntoView: String,
    scrollWithAnimation: Boolean,
    lowerThreshold: { type: Number, value: 50 },
    enhanced: Boolean,
    showScrollbar: Boolean,
  },
  apply: {
    scrollTop: (host, value: number) => host.scrollTo({ top: value }),
    scrollLeft: (host, value: number) => host.scrollTo({ left: value }),
    scrollIntoView(host, id: string) {
      if (id) host.querySelector(`[id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'nearest' })
    },
  },
  created(host, component) {
    let low = false
    host.addEventListener(
      'scroll',
      () => {
        const { scrollTop, scrollLeft, scrollHeight, clientHeight } = host
        component.triggerEvent('scroll', { scrollTop, scrollLeft, scrollHeight })
        const near = scrollHeight - scrollTop - clientHeight <= Number(component.data.lowerThreshold)
        if (near && !low) component.triggerEvent('scrolltolower', { direction: 'bottom' })
        low = near
      },
      { passive: true },
    )
  },
}

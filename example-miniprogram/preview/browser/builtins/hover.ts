/** Adds the element's `hover-class` while it is pressed. */
export function pressWithHoverClass(
  host: HTMLElement,
  component: { readonly data: Record<string, unknown> },
): void {
  host.addEventListener('pointerdown', () => {
    const { hoverClass } = component.data
    if (typeof hoverClass !== 'string' || hoverClass === '' || hoverClass === 'none') return
    const classes = hoverClass.split(' ').filter(Boolean)
    host.classList.add(...classes)
    const release = () => host.classList.remove(...classes)
    addEventListener('pointerup', release, { once: true })
    addEventListener('pointercancel', release, { once: true })
  })
}

import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

export type Look = () => { html: string; isOver: boolean }

/** What a live part does with the picture beside its controls: draws the newest that was asked for, at once or as it comes. */
export function usePicture(controls: Ref<HTMLElement | undefined>) {
  /** What is set before the script is there would be lost. */
  const isReady = ref(false)
  const isPlaying = ref(false)
  /** Grows with each thing that is asked: what was asked before is not shown any more. */
  let turn = 0

  function show(html: string) {
    const picture = controls.value?.parentElement?.querySelector('.drawn')
    if (picture) picture.innerHTML = html
  }

  async function draw(make: () => Promise<string>) {
    const mine = ++turn
    isPlaying.value = false
    const html = await make()
    if (mine === turn) show(html)
  }

  /** Who wants no motion gets the picture as it ends. */
  async function play(start: () => Promise<Look>, atOnce: () => Promise<string>) {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return draw(atOnce)
    const mine = ++turn
    isPlaying.value = true
    const look = await start()
    const frame = () => {
      if (mine !== turn) return
      const { html, isOver } = look()
      show(html)
      isPlaying.value = !isOver
      if (!isOver) requestAnimationFrame(frame)
    }
    frame()
  }

  onMounted(() => (isReady.value = true))
  onBeforeUnmount(() => turn++)
  return { isReady, isPlaying, draw, play }
}

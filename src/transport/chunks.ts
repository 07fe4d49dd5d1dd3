import { bufferOf, isBuffer } from './snapshot'
import { Utf8Reader } from './utf8'

/**
 * `undecided`: no status yet. `held`: kept until the answer is whole. `opening`: those that were kept are heard, and what arrives
 * meanwhile comes after them. `open`: heard as they come.
 */
type State = 'undecided' | 'held' | 'opening' | 'open'

/** The pieces of one attempt's answer: nobody hears them before the answer is known to be the one that counts (law 16). */
export class Chunks {
  private state: State = 'undecided'
  private kept: (ArrayBuffer | string)[] = []
  /** How much more is kept. */
  private room = Infinity
  /** Whether no piece has come yet. */
  isNew = true

  constructor(private readonly tell: (chunk: { data: ArrayBuffer | string }) => void) {}

  get isUndecided(): boolean {
    return this.state === 'undecided'
  }

  /** `room`: how many bytes are kept at most of what is still to come. */
  hold(room: number): void {
    this.state = 'held'
    this.room = room
  }

  /** Hands over what was kept, and from now on each as it comes. */
  open(): void {
    if (this.state === 'opening' || this.state === 'open') return
    this.state = 'opening'
    for (const data of this.kept) this.tell({ data })
    this.kept = []
    this.state = 'open'
  }

  /** Some platforms hand out strings (reported). */
  add(data: unknown): void {
    const piece = bufferOf(data)
    if (typeof piece !== 'string' && !isBuffer(piece)) return
    this.isNew = false
    if (this.state === 'open') this.tell({ data: piece })
    else if (this.room > 0) {
      const kept = piece.slice(0, this.room)
      this.room -= typeof kept === 'string' ? kept.length : kept.byteLength
      this.kept.push(kept)
    }
  }

  /** What was kept, as text: WeChat hands out an empty body where the chunks had it. */
  text(): string {
    const reader = new Utf8Reader()
    const parts = this.kept.map((data) =>
      typeof data === 'string' ? data : reader.read(new Uint8Array(data), false),
    )
    return parts.join('') + reader.read(new Uint8Array(0), true)
  }

  get isEmpty(): boolean {
    return this.kept.length === 0
  }
}

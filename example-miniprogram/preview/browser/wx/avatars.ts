/** Pictures to choose from when there is no WeChat account to bring one. */
export const avatarStyles = [
  { name: '青柳', sky: ['#d7f5df', '#46b97b'], skin: '#1f5c3d' },
  { name: '晚霞', sky: ['#ffe1c7', '#ff7f6b'], skin: '#7d2c3a' },
  { name: '湖光', sky: ['#d6ecff', '#4a90e2'], skin: '#173c66' },
  { name: '紫藤', sky: ['#ece2ff', '#8f6bea'], skin: '#3b2470' },
] as const

/** Draws one, `size` px wide. */
export async function drawAvatar({ sky, skin }: (typeof avatarStyles)[number], size: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(size, size)
  const draw = canvas.getContext('2d')
  if (!draw) throw new Error('this browser has no canvas')
  const gradient = draw.createLinearGradient(0, 0, size, size)
  gradient.addColorStop(0, sky[0])
  gradient.addColorStop(1, sky[1])
  draw.fillStyle = gradient
  draw.fillRect(0, 0, size, size)
  draw.fillStyle = skin
  circle(draw, size / 2, size * 0.42, size * 0.19)
  circle(draw, size / 2, size * 1.02, size * 0.4)
  grain(draw, size)
  return await canvas.convertToBlob({ type: 'image/png' })
}

function circle(draw: OffscreenCanvasRenderingContext2D, x: number, y: number, radius: number): void {
  draw.beginPath()
  draw.arc(x, y, radius, 0, 2 * Math.PI)
  draw.fill()
}

/** A little noise, as photographs have: without it the file would be too small for an upload to be seen. */
function grain(draw: OffscreenCanvasRenderingContext2D, size: number): void {
  const picture = draw.getImageData(0, 0, size, size)
  for (let at = 0; at < picture.data.length; at += 4) {
    const noise = ((at * 2654435761) >>> 26) - 32
    for (let channel = 0; channel < 3; channel++) {
      picture.data[at + channel] = (picture.data[at + channel] ?? 0) + noise / 6
    }
  }
  draw.putImageData(picture, 0, 0)
}

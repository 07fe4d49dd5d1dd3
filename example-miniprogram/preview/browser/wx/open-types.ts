import { avatarStyles, drawAvatar } from './avatars'
import { files } from './files'
import { mintCode } from './user'
import { type SheetItem, chooseFromSheet } from './sheet'

type Emit = (event: string, detail: unknown) => void

/** What a button with `open-type` does when it is pressed, and the event it then sends. */
export const openTypes: Record<string, (emit: Emit) => Promise<void>> = {
  chooseAvatar: async (emit) => {
    const items = await Promise.all(
      avatarStyles.map(async (style): Promise<SheetItem<typeof style>> => {
        const picture = URL.createObjectURL(await drawAvatar(style, 80))
        return { label: style.name, value: style, picture }
      }),
    )
    const chosen = await chooseFromSheet('选择头像', items)
    for (const { picture } of items) if (picture) URL.revokeObjectURL(picture)
    if (chosen) emit('chooseavatar', { avatarUrl: files.add(await drawAvatar(chosen, 400), 'png') })
  },

  // Since 2.21.2 the event carries a code of its own, good once for 5 minutes, for the server (getPhoneNumber guide).
  getPhoneNumber: async (emit) => {
    const allowed = await chooseFromSheet('申请获取并验证你的手机号', [
      { label: '允许 138****0000', value: true },
    ])
    if (allowed) emit('getphonenumber', { errMsg: 'getPhoneNumber:ok', code: mintCode() })
    else emit('getphonenumber', { errMsg: 'getPhoneNumber:fail user deny', errno: 103 })
  },
}

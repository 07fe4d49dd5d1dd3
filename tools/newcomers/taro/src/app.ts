import { type PropsWithChildren } from 'react'
import { useLaunch } from '@tarojs/taro'
import { api } from './api'

export default function App({ children }: PropsWithChildren) {
  useLaunch(() => {
    api.ensureLogin().catch(() => {})
  })
  return children
}

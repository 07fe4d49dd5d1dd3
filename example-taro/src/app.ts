import { type PropsWithChildren } from 'react'
import { useLaunch } from '@tarojs/taro'
import { api } from './api'
import './app.css'

export default function App({ children }: PropsWithChildren) {
  // The login is under way before the first page asks for anything. What comes of it the pages hear.
  useLaunch(() => {
    api.ensureLogin().catch(() => undefined)
  })
  return children
}

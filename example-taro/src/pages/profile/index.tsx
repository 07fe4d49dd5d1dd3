import { useState } from 'react'
import { Button, Image, Text, View } from '@tarojs/components'
import Taro, { useDidShow } from '@tarojs/taro'
import { codeOf, pictureOf, type Profile } from '../../api'
import { FailedCard } from '../../components/failed-card'
import { LoginCard } from '../../components/login-card'
import { useRoutes } from '../../use-scope'
import './index.css'

type State = 'loading' | 'ready' | 'login' | 'failed'

export default function Mine() {
  const server = useRoutes()
  const [state, setState] = useState<State>('loading')
  const [profile, setProfile] = useState<Profile>()

  // What has failed was said already.
  function failed(error: unknown) {
    if (codeOf(error) === 'LOGIN_REQUIRED') setState('login')
  }

  async function load() {
    try {
      setProfile(await server().profile())
      setState('ready')
    } catch (error) {
      if (codeOf(error) === 'LOGIN_REQUIRED') setState('login')
      else if (codeOf(error) !== 'ABORTED') setState((now) => (now === 'ready' ? now : 'failed'))
    }
  }

  async function changeAvatar() {
    const picked = await Taro.chooseImage({ count: 1, sizeType: ['compressed'] }).catch(() => undefined)
    const filePath = picked?.tempFilePaths[0]
    // Nothing was picked.
    if (filePath === undefined) return
    await server().uploadAvatar(filePath)
    Taro.showToast({ title: '头像已更新' })
    await load()
  }

  async function expire() {
    await server().expireToken()
    Taro.showToast({ title: '已失效，回去下拉试试', icon: 'none' })
  }

  useDidShow(() => {
    load()
  })

  if (state === 'login') return <LoginCard onLogin={load} />
  if (state === 'failed') return <FailedCard onRetry={load} />
  return (
    <View className="body">
      <View className="card center">
        {profile?.avatar ? (
          <Image className="avatar" mode="aspectFill" src={pictureOf(profile.avatar)} />
        ) : (
          <View className="avatar" />
        )}
        <Text className="title">{profile?.nickname ?? ''}</Text>
        <Button className="primary" onClick={() => changeAvatar().catch(failed)}>
          更换头像
        </Button>
      </View>
      <View className="card center">
        <Text className="note">让服务端忘掉当前 token，再回订单页下拉：只登录一次，列表照常更新</Text>
        <Button className="plain" onClick={() => expire().catch(failed)}>
          让 token 失效
        </Button>
      </View>
    </View>
  )
}

import { useState } from 'react'
import { Button, Image, Text, View } from '@tarojs/components'
import Taro, { useDidShow } from '@tarojs/taro'
import { codeOf, pictureOf, type Profile } from '../../api'
import { LoginCard } from '../../components/login-card'
import { useRoutes } from '../../use-scope'
import './index.css'

export default function Mine() {
  const server = useRoutes()
  const [profile, setProfile] = useState<Profile>()
  const [needsTap, setNeedsTap] = useState(false)

  function failed(error: unknown) {
    if (codeOf(error) === 'LOGIN_REQUIRED') setNeedsTap(true)
  }

  async function load() {
    setProfile(await server().profile())
    setNeedsTap(false)
  }

  async function changeAvatar() {
    const picked = await Taro.chooseImage({ count: 1, sizeType: ['compressed'] }).catch(() => undefined)
    const filePath = picked?.tempFilePaths[0]
    // Nothing was picked.
    if (filePath === undefined) return
    const avatar = await server().uploadAvatar(filePath)
    setProfile((now) => now && { ...now, avatar })
    Taro.showToast({ title: '头像已更新' })
  }

  async function expire() {
    await server().expireToken()
    Taro.showToast({ title: '已失效，回去下拉试试', icon: 'none' })
  }

  useDidShow(() => {
    load().catch(failed)
  })

  if (needsTap) return <LoginCard onLogin={() => load().catch(failed)} />
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

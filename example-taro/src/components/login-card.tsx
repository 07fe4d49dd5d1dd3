import { Button, Text, View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { logInByTap } from '../api'

/** Shown where the platform gives no login without a tap. */
export function LoginCard({ onLogin }: { onLogin: () => void }) {
  const logIn = () =>
    logInByTap().then(onLogin, () => {
      Taro.showToast({ title: '还没有登录', icon: 'none' })
    })
  return (
    <View className="body">
      <View className="card center">
        <Text className="title">登录后查看</Text>
        <Text className="note">需要你点一下，才能用当前账号登录</Text>
        <Button className="primary" onClick={logIn}>
          一键登录
        </Button>
      </View>
    </View>
  )
}

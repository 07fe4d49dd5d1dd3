import { useState } from 'react'
import { Button, Text, View } from '@tarojs/components'
import Taro, { useDidShow, usePullDownRefresh } from '@tarojs/taro'
import { codeOf, type Order } from '../../api'
import { FailedCard } from '../../components/failed-card'
import { LoginCard } from '../../components/login-card'
import { useRoutes } from '../../use-scope'
import { dayOf, newDraft, price } from './draft'
import './index.css'

type State = 'loading' | 'ready' | 'login' | 'failed'

export default function Orders() {
  const server = useRoutes()
  const [state, setState] = useState<State>('loading')
  const [orders, setOrders] = useState<Order[]>([])
  const [total, setTotal] = useState(0)
  const [isOld, setOld] = useState(false)
  const [draft, setDraft] = useState(newDraft)

  async function load(isFresh = false, page = server()) {
    try {
      const { data, cached } = await page.orders(isFresh)
      setOrders(data.items)
      setTotal(data.total)
      setOld(cached === 'error')
      setState('ready')
    } catch (error) {
      // What has failed was said already, and what is here stays.
      if (codeOf(error) === 'LOGIN_REQUIRED') setState('login')
      else if (codeOf(error) !== 'ABORTED') setState((now) => (now === 'ready' ? now : 'failed'))
    }
  }

  async function place() {
    const page = server()
    try {
      await page.placeOrder(draft)
      // Two taps come here for one order.
      setDraft((now) => (now === draft ? newDraft() : now))
      Taro.showToast({ title: '下单成功' })
      await load(true, page)
    } catch (error) {
      if (codeOf(error) === 'LOGIN_REQUIRED') setState('login')
      // The draft and its key stay: another tap is the same order.
    }
  }

  useDidShow(() => {
    load()
  })
  usePullDownRefresh(() => {
    load(true).then(() => Taro.stopPullDownRefresh())
  })

  if (state === 'login') return <LoginCard onLogin={() => load()} />
  if (state === 'failed') return <FailedCard onRetry={() => load()} />
  return (
    <View className="body">
      <View className="card row" onClick={() => Taro.navigateTo({ url: '/pages/profile/index' })}>
        <Text className="grow">我的资料</Text>
        <Text className="note">›</Text>
      </View>
      {isOld && <View className="tip">网络不通，以下是上次的订单</View>}
      {state === 'ready' && orders.length === 0 && (
        <View className="card center note">还没有订单，点「下单」试试</View>
      )}
      {orders.map(({ id, title, amount, createdAt }) => (
        <View key={id} className="card row">
          <View className="thumb">{Array.from(title)[0]}</View>
          <View className="grow">
            <View className="title">{title}</View>
            <View className="note">{dayOf(createdAt)}</View>
          </View>
          <Text className="price">{price(amount)}</Text>
        </View>
      ))}
      {total > 0 && <View className="center note">{`最近 ${orders.length} 单，共 ${total} 单`}</View>}
      <View className="footer">
        <Button className="primary" onClick={place}>
          {`下单 ${draft.title} ${price(draft.amount)}`}
        </Button>
      </View>
    </View>
  )
}

import { useState } from 'react'
import { View, Text } from '@tarojs/components'
import { useLoad } from '@tarojs/taro'
import { api } from '../../api'

interface Order {
  id: number
  title: string
}

export default function Index() {
  const [orders, setOrders] = useState<Order[]>([])
  const [failure, setFailure] = useState('')
  useLoad(() => {
    api.get<Order[]>('/orders', { page: 1 }).then(setOrders, ({ message }: Error) => setFailure(message))
  })
  return (
    <View className="index">
      {orders.map(({ id, title }) => (
        <Text key={id}>{title}</Text>
      ))}
      <Text>{failure}</Text>
    </View>
  )
}

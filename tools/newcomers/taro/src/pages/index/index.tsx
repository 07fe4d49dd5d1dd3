import { useState } from 'react'
import { Image, View, Text } from '@tarojs/components'
import Taro, { useLoad } from '@tarojs/taro'
import { api } from '../../api'

interface Order {
  id: number
  title: string
}

interface Photo {
  src: string
}

export default function Index() {
  const [orders, setOrders] = useState<Order[]>([])
  const [photo, setPhoto] = useState<Photo>()
  const [failure, setFailure] = useState('')

  async function load() {
    setOrders(await api.get<Order[]>('/orders', { page: 1 }))
    const { tempFilePaths } = await Taro.chooseImage({ count: 1 })
    const { data } = await api.uploadFile<Photo>({
      url: '/photos',
      filePath: tempFilePaths[0],
      name: 'photo',
    })
    setPhoto(data)
  }
  useLoad(() => {
    load().catch(({ message }: Error) => setFailure(message))
  })

  return (
    <View className="index">
      {orders.map(({ id, title }) => (
        <Text key={id}>{title}</Text>
      ))}
      {photo && <Image src={photo.src} />}
      <Text>{failure}</Text>
    </View>
  )
}

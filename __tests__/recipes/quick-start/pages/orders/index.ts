// #region page
import { api } from '../../api'

interface Order {
  id: number
  title: string
}

Page({
  async onLoad() {
    this.setData({ orders: await api.get<Order[]>('/orders', { page: 1 }) })
  },
})
// #endregion

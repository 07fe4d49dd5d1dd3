import { Button, Text, View } from '@tarojs/components'

/** Shown where nothing could be loaded. Why is said by `failures()`. */
export function FailedCard({ onRetry }: { onRetry: () => void }) {
  return (
    <View className="body">
      <View className="card center">
        <Text className="title">没有加载出来</Text>
        <Button className="primary" onClick={onRetry}>
          再试一次
        </Button>
      </View>
    </View>
  )
}

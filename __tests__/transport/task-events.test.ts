import { TaskListeners } from '../../src/transport/task-events'

function listening(...names: string[]) {
  const listeners = new TaskListeners()
  const heard: string[] = []
  const made = names.map((name) => (detail: unknown) => void heard.push(`${name} ${String(detail)}`))
  for (const each of made) listeners.on('ProgressUpdate', each)
  return { listeners, heard, made }
}

test('all who listen to an event hear it, in the order in which they came', () => {
  const { listeners, heard } = listening('a', 'b')
  listeners.tell('ProgressUpdate', 1)
  listeners.tell('ChunkReceived', 2)
  expect(heard).toEqual(['a 1', 'b 1'])
})

test('off takes one away, or all', () => {
  const { listeners, heard, made } = listening('a', 'b', 'c')
  listeners.off('ProgressUpdate', made[1])
  listeners.off('ProgressUpdate', () => undefined)
  listeners.off('HeadersReceived')
  listeners.tell('ProgressUpdate', 1)
  listeners.off('ProgressUpdate')
  listeners.tell('ProgressUpdate', 2)
  expect(heard).toEqual(['a 1', 'c 1'])
})

test('one that throws keeps nobody else from hearing', () => {
  const complaint = jest.spyOn(console, 'error').mockImplementation()
  const listeners = new TaskListeners()
  const heard: number[] = []
  listeners.on('ChunkReceived', () => {
    throw new Error('broken')
  })
  listeners.on('ChunkReceived', (detail: number) => void heard.push(detail))
  listeners.tell('ChunkReceived', 7)
  expect(heard).toEqual([7])
  expect(complaint).toHaveBeenCalledTimes(1)
  complaint.mockRestore()
})

test('who takes itself away on hearing hears once, and the others all the same', () => {
  const { listeners, heard } = listening()
  const once = () => {
    heard.push('once')
    listeners.off('ProgressUpdate', once)
  }
  listeners.on('ProgressUpdate', once)
  listeners.on('ProgressUpdate', () => void heard.push('always'))
  listeners.tell('ProgressUpdate', 1)
  listeners.tell('ProgressUpdate', 2)
  expect(heard).toEqual(['once', 'always', 'always'])
})

test('an event is asked of the platform only if somebody has listened to it', () => {
  const { listeners } = listening('a')
  expect([listeners.has('ProgressUpdate'), listeners.has('ChunkReceived')]).toEqual([true, false])
})

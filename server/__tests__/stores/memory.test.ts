import { memoryStore } from '../../src/stores/memory.ts'
import { storeSuite } from '../../src/stores/suite.ts'

const factory = memoryStore()
storeSuite(test, (namespace) => factory.create(namespace))

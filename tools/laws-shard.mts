import { tellStories } from '../__tests__/laws/story'

// One shard of `npm run test:laws`: tells its stories and says what came of them, in one line of JSON.
const [runs = '1000', seed = '1', path] = process.argv.slice(2)

const verdict = await tellStories(Number(runs), Number(seed), path)
process.stdout.write(`${JSON.stringify(verdict)}\n`)

import { fuzzAll, report, type Order } from '../__tests__/fuzz/cases'

// One shard of `npm run test:fuzz`: lives through its cases and says what was found, in one line of JSON.
const verdicts = await fuzzAll(JSON.parse(process.argv[2] ?? '{}') as Order)
process.stdout.write(
  `${JSON.stringify(verdicts.map((verdict) => ({ ...verdict, report: report(verdict) })))}\n`,
)

import { TestEnvironment } from 'jest-environment-node'

/** Of one platform. A test that is named as an exception there must fail: what holds after all is to be struck off the list. */
export default class PlatformEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context)
    const { platform, exceptions, without, lanes } = config.projectConfig.testEnvironmentOptions
    this.exceptions = new Set(exceptions.flatMap(({ tests }) => tests))
    this.global.LAWS_PLATFORM = platform
    // A share of the stories.
    this.global.process.env.LAWS_RUNS ??= '500'
    this.global.LAWS_WITHOUT = without
    this.global.LAWS_LANES = lanes
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_start' && this.exceptions.has(fullName(test).trim())) test.failing = true
  }
}

function fullName(test) {
  return test.parent ? `${fullName(test.parent)} ${test.name}` : ''
}

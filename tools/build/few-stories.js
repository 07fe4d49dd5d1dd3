// On the built file a part of the stories: that the two differ at all is seen by the first of them.
process.env.LAWS_RUNS ??= '300'
process.env.STORIES ??= '100'

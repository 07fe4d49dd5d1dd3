/** A test that fails now and then is nobody's: by default each run tells the same stories. */
const SEED = 20_260_101

/**
 * For `fc.assert`. `STORIES=20000 SEED=7 npx jest --selectProjects unit socket/properties` tells many, and others; what they find becomes an
 * example.
 */
export const runs = (usual: number) => ({
  numRuns: Number(process.env['STORIES'] ?? usual),
  seed: Number(process.env['SEED'] ?? SEED),
})

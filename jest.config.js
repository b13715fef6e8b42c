export default {
  testEnvironment: 'node',
  // Kept between two runs, unlike the temporary directory that tools/checks/jest.ts gives each.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  roots: ['<rootDir>/__tests__', '<rootDir>/src'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // The same cases on every machine; FAST_CHECK_SEED=<number> tries others.
  setupFiles: ['<rootDir>/__tests__/property-seed.ts'],
  collectCoverageFrom: ['src/**/*.ts'],
  coverageProvider: 'v8',
  // More than cores: what takes long are tests that wait, for a seeding, a time-out or a region that does not answer.
  maxWorkers: 4,
  // A hung socket must fail a test, but no test asserts on a duration: this machine is shared and noisy. The longest wait
  // of the product, three minutes of giving a lost region's database back, comes twice in some.
  testTimeout: 600_000,
};

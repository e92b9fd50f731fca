/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testTimeout: 30_000,
  // Jest's own default leaves a core idle, and half of what tests do is waiting for answers.
  maxWorkers: '100%',
  // The module that the Functions worker injects: under jest the local host's own.
  moduleNameMapper: { '^@azure/functions-core$': '<rootDir>/local/host/core-module.ts' },
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
};

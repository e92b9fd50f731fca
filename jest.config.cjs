/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testTimeout: 30_000,
  // The module that the Functions worker injects: under jest the local host's own.
  moduleNameMapper: { '^@azure/functions-core$': '<rootDir>/local/host/core-module.ts' },
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
};

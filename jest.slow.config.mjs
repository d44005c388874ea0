// The whole grids of the theory tables: minutes rather than seconds.
export default {
  runner: "jest-light-runner",
  testMatch: ["<rootDir>/packages/*/dist-test/**/*.slow.test.js"],
  testTimeout: 3_600_000,
  maxWorkers: "100%",
};

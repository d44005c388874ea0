// The light runner: jest's default runner puts every Math.x behind VM interceptors and slows numerical code about 100 times.
export default {
  runner: "jest-light-runner",
  testMatch: ["<rootDir>/packages/*/dist-test/**/*.test.js"],
  testPathIgnorePatterns: ["/node_modules/", "\\.slow\\.test\\.js$"],
  testTimeout: 120_000,
  // Jest leaves a core idle otherwise: half of the machine where there are two.
  maxWorkers: "100%",
};

import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["packages/*/assembly/", "**/dist/", "**/dist-test/", "**/node_modules/", "runs/"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      complexity: ["error", 24],
      "max-depth": ["error", 4],
      "max-params": ["error", 4],
      "no-console": "off",
      "prefer-const": "error",
    },
  },
  {
    files: ["packages/*/src/**/*.ts"],
    rules: {
      "max-lines": ["error", { max: 300 }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Signatures of compute kernels and of the wasm functions behind them.
    files: ["packages/kernels/src/**/*.ts"],
    rules: { "max-params": ["error", 9] },
  },
);

// What tsc does not see: names that nothing uses, comparisons that convert, code that is never reached.
import js from "@eslint/js";

const browser = ["document", "window", "location", "setInterval", "Intl"];
// What nothing may use: the page sends nothing and keeps nothing.
const forbidden = [
  "fetch", "XMLHttpRequest", "WebSocket", "EventSource", "navigator", "localStorage", "sessionStorage", "indexedDB",
  "caches", "history", "eval", "Function", "alert", "confirm", "prompt",
];

export default [
  js.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2024,
      globals: Object.fromEntries(browser.map((name) => [name, "readonly"])),
    },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-shadow": "error",
      "no-implicit-globals": "off",
      "no-restricted-globals": ["error", ...forbidden],
      "no-restricted-properties": ["error", ...forbidden.flatMap((property) => [{ object: "window", property }]), { object: "document", property: "cookie" }],
      "no-console": "error",
      "no-irregular-whitespace": "error",
    },
  },
  { files: ["**/page.js"], languageOptions: { globals: { load: "readonly" } } },
  { files: ["**/runtime.js"], languageOptions: { sourceType: "script" }, rules: { "no-shadow": "off", "no-unused-vars": ["error", { varsIgnorePattern: "^load$" }] } },
];

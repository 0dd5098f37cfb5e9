import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The window opens the files from the program itself, so every address is relative.
  base: "./",
  plugins: [svelte(), svelteTesting()],
  server: { port: 5173, strictPort: true },
  build: {
    target: "safari15",
    // The window's rules allow no inlined script or style; pictures stay files as well.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    css: true,
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test-setup.ts"],
    // Whole pages are searched for what stands in anybody's way; a busy machine takes its time, and no test is about time.
    testTimeout: 60_000,
  },
});

import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const top = path.resolve(import.meta.dirname, '../..');

export default defineConfig({
  root: import.meta.dirname,
  // The console stands where the server says, which it writes into the page.
  base: './',
  plugins: [react()],
  build: {
    outDir: path.join(top, 'dist/console'),
    emptyOutDir: true,
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    target: 'es2022',
    rolldownOptions: {
      // Packages change seldom: a file of their own stays in the browser's cache when only the console changed.
      output: {
        codeSplitting: {
          groups: [
            { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui|react-remove-scroll)/ },
            // Read only by those who open an editor.
            { name: 'yaml', test: /node_modules[\\/]yaml[\\/]/ },
            {
              name: 'editor',
              test: /node_modules[\\/](@codemirror|@lezer|@marijn|style-mod|w3c-keyname|crelt)/,
            },
            // Only the list of incidents is virtual, and it is read when it is opened.
            { name: 'packages', test: /node_modules[\\/](?!@tanstack[\\/](react-)?virtual)/ },
          ],
        },
      },
    },
  },
});

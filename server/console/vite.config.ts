import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const top = path.resolve(import.meta.dirname, '../..');

export default defineConfig({
  root: import.meta.dirname,
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
            // Only the editors read YAML and highlight: pages that do not edit never load what does.
            {
              name: 'editing',
              test: /node_modules[\\/](yaml|@codemirror|@lezer|codemirror|crelt|style-mod|w3c-keyname)[\\/]/,
            },
            { name: 'packages', test: /node_modules/ },
          ],
        },
      },
    },
  },
});

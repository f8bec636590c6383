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
  },
});

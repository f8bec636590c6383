// Loaded before every entry. Plain JavaScript, so that an old Node gets as far as the sentence that helps.
const [major] = process.versions.node.split('.').map(Number);
if (major < 26) {
  process.stderr.write(
    `Bootmend needs Node 26, and this is Node ${process.versions.node}. Run "npm ci", then the command with "npm run": it uses the Node 26 that comes with the packages.\n`,
  );
  process.exit(1);
}

// Guards npm scripts: with --ignore-scripts the Node 24 package is missing and npm silently falls back to the machine's Node.
const major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  process.stderr.write(
    `This project runs on Node 24, which "npm ci" installs into node_modules; found ${process.version}. ` +
      'Run "npm ci" without --ignore-scripts and start through npm scripts.\n',
  );
  process.exit(1);
}

// Who may import whom: the table of docs/architecture.md as a lint rule. `local` names rooms, `packages` names npm
// packages (a trailing ':' is a scheme). A file outside every room is not checked.
import { dirname, relative, resolve, sep } from 'node:path';

const floors = [
  ['domain', 'contract'],
  ['clock', 'journal'],
  ['market', 'venue'],
  ['brokers', 'risk', 'portfolio'],
  ['execution', 'strategies'],
];
const upTo = (floor) =>
  floors
    .slice(0, floor + 1)
    .flat()
    .filter((room) => room !== 'contract');
const NODE = 'node:';

/** room -> rooms and packages it may import; its own room is always allowed. */
const ROOMS = {
  domain: { local: [], packages: ['decimal.js'] },
  contract: { local: [], packages: ['zod', '@orpc/contract'] },
  clock: { local: ['domain'], packages: [] },
  journal: { local: ['domain'], packages: [NODE, 'better-sqlite3'] },
  market: { local: ['domain', 'clock'], packages: [NODE, 'ws'] },
  venue: { local: ['domain', 'clock', 'market'], packages: [] },
  brokers: { local: upTo(2), packages: [NODE, 'ws'] },
  risk: { local: upTo(2), packages: [NODE] },
  portfolio: { local: upTo(2), packages: [] },
  execution: { local: upTo(3), packages: [] },
  strategies: { local: upTo(3), packages: ['trading-signals'] },
  research: { local: upTo(4), packages: [NODE] },
  alerts: { local: upTo(3), packages: [] },
  engine: { local: [...upTo(4), 'research', 'alerts', 'contract'], packages: [NODE, 'pino'] },
  api: {
    local: ['domain', 'contract', 'engine'],
    packages: [NODE, 'fastify', '@fastify', 'ws', 'zod', 'pino', '@orpc'],
  },
  cli: {
    local: [...upTo(4), 'research', 'alerts', 'engine', 'api', 'contract'],
    packages: [NODE, '@napi-rs/keyring', 'better-sqlite3'],
  },
  renderer: {
    local: [],
    types: ['contract'],
    packages: [
      'react',
      'react-dom',
      'dockview-react',
      'ag-grid-community',
      'ag-grid-react',
      'klinecharts',
      '@base-ui/react',
      'zustand',
      'cmdk',
      'react-hotkeys-hook',
      'sonner',
      '@orpc/client',
      '@orpc/contract',
      '@fontsource-variable/inter',
      'virtual:licences',
    ],
  },
  electron: { local: ['engine', 'api', 'domain', 'cli'], packages: [NODE, 'electron'] },
};

/** Words that read the machine's time or make randomness; only these places may use them. */
const TIME_ROOMS = /^src\/(clock\/live\.ts$|engine\/|api\/|cli\/|market\/feeds\/|brokers\/)|^(renderer|electron)\//;

function roomOf(path) {
  const parts = path.split(sep).join('/').split('/');
  if (parts[0] === 'renderer' || parts[0] === 'electron') return parts[0];
  return parts[0] === 'src' && parts.length > 2 ? parts[1] : undefined;
}

const root = (context) => context.cwd ?? process.cwd();
const packageAllowed = (allowed, source) =>
  allowed.some((name) => source === name || source.startsWith(name.endsWith(':') ? name : `${name}/`));

const imports = {
  meta: { type: 'problem', docs: { description: 'imports follow the table of rooms' } },
  create(context) {
    const own = roomOf(relative(root(context), context.filename));
    if (own === undefined) return {};
    const rule = ROOMS[own];
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string') return;
      if (rule === undefined) {
        context.report({ node, message: `src/${own} is no room of the house; see docs/architecture.md` });
        return;
      }
      if (source.startsWith('.')) {
        const target = roomOf(relative(root(context), resolve(dirname(context.filename), source)));
        if (target === undefined || target === own || rule.local.includes(target)) return;
        if (rule.types?.includes(target) && (node.importKind === 'type' || node.exportKind === 'type')) return;
        context.report({ node, message: `${own} may not import ${target} (${source})` });
      } else if (!packageAllowed(rule.packages, source)) {
        context.report({ node, message: `${own} may not import package ${source}` });
      }
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

const ambient = {
  meta: { type: 'problem', docs: { description: 'time and randomness are injected below the engine' } },
  create(context) {
    const path = relative(root(context), context.filename).split(sep).join('/');
    if (!path.startsWith('src/') || TIME_ROOMS.test(path)) return {};
    return {
      MemberExpression(node) {
        const name = `${node.object?.name}.${node.property?.name}`;
        if (name === 'Date.now' || name === 'Math.random' || name === 'performance.now') {
          context.report({
            node,
            message: `${name} in the core: take the time from Clock, randomness from domain/random.ts`,
          });
        }
      },
      NewExpression(node) {
        if (node.callee?.name === 'Date' && node.arguments.length === 0) {
          context.report({ node, message: 'new Date() in the core: take the time from Clock' });
        }
      },
      CallExpression(node) {
        if (node.callee?.name === 'setTimeout' || node.callee?.name === 'setInterval') {
          context.report({ node, message: `${node.callee.name} in the core: use Clock.setTimer` });
        }
      },
    };
  },
};

/** Things with exactly one allowed place, or none. */
const forbidden = {
  meta: { type: 'problem', docs: { description: 'calls that open a hole' } },
  create(context) {
    const path = relative(root(context), context.filename).split(sep).join('/');
    if (path.startsWith('test/')) return {};
    return {
      MemberExpression(node) {
        const name = `${node.object?.name}.${node.property?.name}`;
        if (name === 'shell.openExternal')
          context.report({ node, message: 'no shell.openExternal: no link leaves the window' });
        if (name === 'ipcMain.handle') context.report({ node, message: 'one port, no ipcMain.handle' });
        if (node.object?.name === 'console')
          context.report({ node, message: 'no console: log through pino or write to the CommandIo' });
      },
      CallExpression(node) {
        if (node.callee?.name === 'eval') context.report({ node, message: 'no eval' });
        if (node.callee?.name === 'fork')
          context.report({ node, message: 'no child_process.fork: the runAsNode fuse is off' });
      },
      NewExpression(node) {
        if (node.callee?.name === 'Function') context.report({ node, message: 'no new Function' });
      },
      JSXAttribute(node) {
        if (node.name?.name === 'dangerouslySetInnerHTML')
          context.report({ node, message: 'no dangerouslySetInnerHTML' });
      },
    };
  },
};

export default { meta: { name: 'house' }, rules: { imports, ambient, forbidden } };

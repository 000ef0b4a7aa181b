/** Who may import whom. The table in ARCHITECTURE.md says it for people; this file makes it so. */
const npm = 'node_modules/';
const only = (room, allowed) => ({
  name: `${room}-imports`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '.', pathNot: [`^src/${room}/`, ...allowed] },
});
const pkg = (...names) => names.map((name) => `${npm}${name}(/|$)`);

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\?' } },
    only('domain', []),
    only('rpc', []),
    only('graph', ['^src/domain/']),
    only('schemas', ['^src/domain/', ...pkg('valibot')]),
    only('engine', ['^src/(domain|graph|rpc)/', ...pkg('idb', '@tensorflow', 'h5wasm')]),
    only('engine-client', ['^src/(rpc|domain)/', '^src/engine/contract(-measuring)?\\.ts$']),
    only('storage', ['^src/(domain|schemas)/', ...pkg('idb')]),
    only('files', ['^src/(domain|graph|schemas)/', ...pkg('@zip\\.js')]),
    only('export', ['^src/(domain|graph|schemas|files)/', ...pkg('@zip\\.js')]),
    only('state', ['^src/domain/', ...pkg('zustand')]),
    only('commands', [
      '^src/(domain|schemas|state|engine-client|storage|files|export|rpc)/',
      '^src/engine/contract(-measuring)?\\.ts$',
    ]),
    only('ui', [
      '^src/domain/',
      ...pkg(
        'react',
        'react-dom',
        'react-aria-components',
        'recharts',
        'lucide-react',
        '@types/react',
        '@types/react-dom',
      ),
    ]),
    only('features', [
      '^src/(ui|state|commands|domain|files)/',
      ...pkg(
        'react',
        'react-dom',
        'react-aria-components',
        'lucide-react',
        'zustand',
        '@types/react',
        '@types/react-dom',
      ),
    ]),
    {
      name: 'features-apart',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/([^/]+)/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'tfjs-through-one-door',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/(tf|tf-reference|wasm-paths)\\.ts$' },
      to: { path: '@tensorflow/' },
    },
    {
      name: 'hdf5-through-one-door',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/keras-(worker|contents)\\.ts$' },
      to: { path: 'h5wasm' },
    },
    { name: 'src-knows-no-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^(tests|scripts|bench)/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default', 'node', 'require'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.css'],
    },
  },
};

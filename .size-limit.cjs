const { readFileSync } = require('node:fs');

/** Everything index.html asks for before the page is there: entry, preloaded scripts, styles. */
const html = readFileSync('dist/index.html', 'utf8');
const firstLoad = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(
  ([, path]) => `dist/${path}`,
);

module.exports = [
  { name: 'first load, before the engine and the charts', path: firstLoad, limit: '290 kB', gzip: true },
  {
    name: 'charts and the Live tab, in parallel',
    path: ['dist/assets/LiveTab-*.js', 'dist/assets/LineChart*.js'],
    limit: '130 kB',
    gzip: true,
  },
  { name: 'engine worker, in parallel', path: 'dist/assets/worker-*.js', limit: '330 kB', gzip: true },
  {
    name: 'reader of .h5 files, when one is opened',
    path: 'dist/assets/keras-worker-*.js',
    limit: '1.1 MB',
    gzip: true,
  },
];

/** Vite gives the address of the file as built. */
declare module '*.wasm?url' {
  const url: string;
  export default url;
}

/** Vite gives the address of the worker as built. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}

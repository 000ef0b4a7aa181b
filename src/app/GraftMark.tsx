/** The mark: a shoot set into a cut stem. The same drawing as `public/icon.svg`. */
export function GraftMark() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 30V17" stroke="var(--ink)" strokeWidth="3.5" strokeLinecap="round" fill="none" />
      <path d="M16 21C16 13 11 10.5 4.5 10.5 4.5 17 9 21 16 21Z" fill="var(--ink)" />
      <path d="M16 17C16 8 20.5 3 28 2.5 28.5 11 24 17 16 17Z" fill="var(--accent)" />
    </svg>
  );
}

import styles from './FirstImages.module.css';

const FOLDERS = [
  { x: 4, color: 'var(--class-0)' },
  { x: 60, color: 'var(--class-2)' },
  { x: 116, color: 'var(--class-1)' },
] as const;

/** Three folders, one per class: what is meant to be dropped. */
export function FolderSketch() {
  return (
    <svg className={styles.sketch} viewBox="0 0 168 52" aria-hidden="true">
      {FOLDERS.map(({ x, color }) => (
        <g key={x} transform={`translate(${x} 4)`}>
          <path
            d="M2 6a3 3 0 0 1 3-3h12l4 5h20a3 3 0 0 1 3 3v28a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3z"
            fill="var(--surface)"
            stroke={color}
            strokeWidth="1.75"
          />
          <path d="M2 15h42" stroke={color} strokeWidth="1.75" />
          <circle cx="14" cy="24" r="2.5" fill={color} />
          <path d="m8 37 9-8 6 5 6-7 9 10" fill="none" stroke={color} strokeWidth="1.75" strokeLinejoin="round" />
        </g>
      ))}
    </svg>
  );
}

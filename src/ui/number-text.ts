import { percentOf } from '../domain/percent.ts';

const GROUPED = new Intl.NumberFormat('en-GB');

/** 12345 -> "12,345". */
export function countText(count: number): string {
  return GROUPED.format(count);
}

/** "1 image", "2,000 images". The plural adds an s unless given. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${countText(count)} ${count === 1 ? singular : plural}`;
}

/** A ratio 0-1 as "87 %", see `percentOf`; "-" when it is null or not a number. */
export function percentText(ratio: number | null, digits = 0): string {
  if (ratio === null || Number.isNaN(ratio)) return '-';
  return percentOf(ratio, digits);
}

/** Seconds as "under 1 s", "45 s", "2 min 5 s" or "1 h 3 min". */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'under 1\u00a0s';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}\u00a0s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}\u00a0min ${whole % 60}\u00a0s`;
  return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}

/** Bytes as "640 kB", "9.4 MB" or "10.8 GB", decimal units. */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))}\u00a0kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)}\u00a0MB`;
  return `${(bytes / 1e9).toFixed(1)}\u00a0GB`;
}

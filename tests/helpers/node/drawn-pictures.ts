import { Resvg } from '@resvg/resvg-js';
import { zipOf } from './photos.ts';

interface DrawnPicture {
  readonly name: string;
  readonly mimeType: 'image/png';
  readonly buffer: Buffer;
}

const SHAPES = {
  circles: (size: number) => `<circle r="${size}"/>`,
  squares: (size: number) => `<rect x="${-size}" y="${-size}" width="${2 * size}" height="${2 * size}"/>`,
  triangles: (size: number) => `<path d="M0 ${-size} L${size} ${size} L${-size} ${size} Z"/>`,
} as const;

/** `count` different pictures of one shape, the same ones each time; 160 px PNG, easy to learn, there without any download. */
export function drawnPictures(shape: keyof typeof SHAPES, count: number): DrawnPicture[] {
  return Array.from({ length: count }, (_, index) => {
    const hue = (index * 47) % 360;
    const size = 30 + ((index * 13) % 30);
    const at = `${60 + ((index * 17) % 40)} ${60 + ((index * 29) % 40)}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160">
      <rect width="160" height="160" fill="hsl(${(hue + 180) % 360} 30% 85%)"/>
      <g transform="translate(${at})" fill="hsl(${hue} 70% 40%)">${SHAPES[shape](size)}</g></svg>`;
    return { name: `${shape}-${index + 1}.png`, mimeType: 'image/png', buffer: new Resvg(svg).render().asPng() };
  });
}

/** A zip with a folder of pictures for each shape. */
export function drawnZip(shapes: readonly (keyof typeof SHAPES)[], countEach: number): Promise<Buffer> {
  const files = shapes.flatMap((shape) =>
    drawnPictures(shape, countEach).map(({ name, buffer }) => ({
      path: `${shape}/${name}`,
      bytes: new Uint8Array(buffer),
    })),
  );
  return zipOf(files);
}

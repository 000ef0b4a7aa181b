import { type ChartLine, dashPattern } from './chart-data.ts';

/** What surrounds the drawing in the saved picture. */
export interface PictureText {
  readonly title: string;
  readonly lines: readonly ChartLine[];
}

const SCALE = 2;
const PADDING_PX = 16;
const TITLE_PX = 30;
const LEGEND_ROW_PX = 22;
const SAMPLE_PX = 26;

/** Presentation properties that style sheets may have set and a lone SVG would lose. */
const INLINED = [
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'fill',
  'opacity',
  'font-size',
  'font-family',
  'font-weight',
  'display',
  'paint-order',
];

/**
 * Draws a chart's SVG, its title and its legend on a canvas, in the colours it has on the page now.
 *
 * @returns a PNG at twice the size on screen.
 * @throws Error when the browser cannot draw the SVG.
 */
export async function svgToPng(svg: SVGSVGElement, text: PictureText): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect();
  const image = await loadSvg(standaloneSvg(svg, width, height));
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser cannot draw a picture of the chart.');
  const ink = getComputedStyle(svg);
  context.font = `13px ${ink.fontFamily}`;
  const legend = placeLegend(context, text.lines, width);
  canvas.width = Math.round((width + 2 * PADDING_PX) * SCALE);
  canvas.height = Math.round((height + TITLE_PX + legend.heightPx + 2 * PADDING_PX) * SCALE);
  context.scale(SCALE, SCALE);
  context.fillStyle = backgroundBehind(svg);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(PADDING_PX, PADDING_PX);
  context.fillStyle = ink.color;
  context.font = `600 16px ${ink.fontFamily}`;
  context.fillText(text.title, 0, 16);
  context.drawImage(image, 0, TITLE_PX, width, height);
  context.font = `13px ${ink.fontFamily}`;
  for (const item of legend.items) drawLegendItem(context, svg, item, TITLE_PX + height, ink.color);
  return canvasBlob(canvas);
}

/** A copy that needs neither style sheets nor custom properties. */
function standaloneSvg(svg: SVGSVGElement, widthPx: number, heightPx: number): string {
  const copy = svg.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) throw new Error('The chart is not an SVG.');
  const originals = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const original = originals[index];
    if (original === undefined) return;
    const computed = getComputedStyle(original);
    for (const property of INLINED) element.style.setProperty(property, computed.getPropertyValue(property));
  });
  copy.setAttribute('width', String(widthPx));
  copy.setAttribute('height', String(heightPx));
  return new XMLSerializer().serializeToString(copy);
}

interface LegendItem {
  readonly line: ChartLine;
  readonly xPx: number;
  readonly yPx: number;
}

function placeLegend(context: CanvasRenderingContext2D, lines: readonly ChartLine[], widthPx: number) {
  const items: LegendItem[] = [];
  let xPx = 0;
  let row = 1;
  for (const line of lines) {
    const itemPx = SAMPLE_PX + 6 + context.measureText(line.label).width + 18;
    if (xPx > 0 && xPx + itemPx > widthPx) {
      xPx = 0;
      row += 1;
    }
    items.push({ line, xPx, yPx: row * LEGEND_ROW_PX - 6 });
    xPx += itemPx;
  }
  return { items, heightPx: row * LEGEND_ROW_PX };
}

function drawLegendItem(
  context: CanvasRenderingContext2D,
  scope: Element,
  { line, xPx, yPx }: LegendItem,
  topPx: number,
  inkColor: string,
): void {
  const dash = dashPattern(line.dash);
  context.strokeStyle = resolvedColor(scope, line.color);
  context.lineWidth = 2.5;
  context.setLineDash(dash === 'none' ? [] : dash.split(' ').map(Number));
  context.beginPath();
  context.moveTo(xPx, topPx + yPx - 4);
  context.lineTo(xPx + SAMPLE_PX, topPx + yPx - 4);
  context.stroke();
  context.fillStyle = inkColor;
  context.fillText(line.label, xPx + SAMPLE_PX + 6, topPx + yPx);
}

/** What a CSS colour, custom properties and `light-dark()` included, comes to inside `scope`. */
function resolvedColor(scope: Element, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = color;
  scope.parentElement?.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

/** The first background that is not transparent, from the chart outwards. */
function backgroundBehind(start: Element): string {
  for (let element: Element | null = start; element !== null; element = element.parentElement) {
    const color = getComputedStyle(element).backgroundColor;
    if (color !== 'rgba(0, 0, 0, 0)' && color !== 'transparent') return color;
  }
  return 'white';
}

function loadSvg(source: string): Promise<HTMLImageElement> {
  const address = URL.createObjectURL(new Blob([source], { type: 'image/svg+xml' }));
  return new Promise<HTMLImageElement>((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('This browser cannot draw a picture of the chart.'));
    image.src = address;
  }).finally(() => URL.revokeObjectURL(address));
}

function canvasBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('This browser cannot write the picture of the chart.'));
      else resolve(blob);
    }, 'image/png');
  });
}

import { registerOverlay, type OverlayCreate, type OverlayEvent } from 'klinecharts';
import { figures } from '../format/money.ts';

export const PRICE_LINE = 'price-line';

/** Plain data only: the library clones it. */
export type PriceLineData = {
  label: string;
  color: string;
  ink: string;
  panel: string;
  dashed: boolean;
  digits: number;
  /** Whether the axis names its price. */
  tagged: boolean;
  /** Its label stands beside those of the orders, which are often at the same price. */
  aside: boolean;
};

const ASIDE_PX = 116;

let registered = false;

/** A horizontal line over the whole chart with its label at the left and its price on the axis. */
export function registerPriceLine(): void {
  if (registered) return;
  registered = true;
  registerOverlay<PriceLineData>({
    name: PRICE_LINE,
    totalStep: 2,
    needDefaultPointFigure: false,
    needDefaultXAxisFigure: false,
    needDefaultYAxisFigure: false,
    createPointFigures: ({ overlay, coordinates, bounding }) => {
      const y = coordinates[0]?.y;
      if (y === undefined) return [];
      const { label, color, ink, dashed, aside } = overlay.extendData;
      return [
        {
          type: 'line',
          attrs: {
            coordinates: [
              { x: 0, y },
              { x: bounding.width, y },
            ],
          },
          styles: { style: dashed ? 'dashed' : 'solid', dashedValue: [4, 3], color, size: 1 },
        },
        {
          type: 'text',
          attrs: { x: aside ? ASIDE_PX : 8, y, text: label, align: 'left', baseline: 'middle' },
          styles: { ...tag, color: ink, backgroundColor: color, borderColor: color },
        },
      ];
    },
    createYAxisFigures: ({ overlay, coordinates, bounding, yAxis }) => {
      const y = coordinates[0]?.y;
      const value = overlay.points[0]?.value;
      if (y === undefined || value === undefined) return [];
      const { color, ink, digits } = overlay.extendData;
      if (!overlay.extendData.tagged) return [];
      const fromZero = yAxis?.isFromZero() ?? true;
      return {
        type: 'text',
        attrs: {
          x: fromZero ? 0 : bounding.width,
          y,
          text: figures(value.toFixed(digits), { currency: 'USD' }),
          align: fromZero ? 'left' : 'right',
          baseline: 'middle',
        },
        styles: { ...tag, color: ink, backgroundColor: color, borderColor: color },
      };
    },
  });
}

const tag = {
  style: 'fill',
  size: 11,
  family: 'Inter Variable',
  weight: 600,
  paddingLeft: 4,
  paddingRight: 4,
  paddingTop: 2,
  paddingBottom: 2,
  borderRadius: 2,
  borderSize: 0,
};

interface PriceLineHandlers {
  readonly onStart: (event: OverlayEvent<PriceLineData>) => void;
  readonly onMoving: (event: OverlayEvent<PriceLineData>) => void;
  readonly onEnd: (event: OverlayEvent<PriceLineData>) => void;
}

/** A fresh object each time: the library writes its own fields into what it is given. */
export function priceLine(
  id: string,
  price: number,
  movable: boolean,
  data: PriceLineData,
  handlers: PriceLineHandlers,
): OverlayCreate {
  const create: OverlayCreate<PriceLineData> = {
    name: PRICE_LINE,
    id,
    groupId: PRICE_LINE,
    zLevel: 10,
    lock: !movable,
    points: [{ value: price }],
    extendData: data,
    onPressedMoveStart: handlers.onStart,
    onPressedMoving: handlers.onMoving,
    onPressedMoveEnd: handlers.onEnd,
    // Without this a right click removes the line, even a locked one.
    onRightClick: (event) => event.preventDefault?.(),
  };
  return create as OverlayCreate;
}

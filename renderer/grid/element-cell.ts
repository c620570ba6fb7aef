import type { ICellRendererComp, ICellRendererParams } from 'ag-grid-community';

/** A cell drawn as a plain element: hundreds of rows cost no React tree. A function would be taken for a React component. */
export function elementCell<Row>(
  draw: (row: Row, element: HTMLElement) => void,
  tag: 'span' | 'button' = 'span',
): new () => ICellRendererComp<Row> {
  return class implements ICellRendererComp<Row> {
    readonly #element = document.createElement(tag);

    init({ data }: ICellRendererParams<Row>): void {
      if (data !== undefined) draw(data, this.#element);
    }

    getGui(): HTMLElement {
      return this.#element;
    }

    refresh({ data }: ICellRendererParams<Row>): boolean {
      if (data !== undefined) draw(data, this.#element);
      return true;
    }
  };
}

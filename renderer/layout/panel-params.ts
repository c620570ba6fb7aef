import type { PanelParams } from '../desk/panel-context.ts';
import { layoutChanged } from './layout-changed.ts';

/** The dock replaces the parameters as a whole; `params` therefore holds all of them. */
export function setPanelParams(api: { updateParameters(params: object): void }, params: PanelParams): void {
  api.updateParameters({ ...params });
  layoutChanged();
}

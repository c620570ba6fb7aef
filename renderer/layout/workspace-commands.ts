import { addPanel, closeActivePanel, exportLayout, moveActivePanel, resetLayout, setCharts } from './workspace-api.ts';

/** For the command palette: everything that can be done to the workspace without a mouse. */
export const WORKSPACE_COMMANDS: readonly { readonly name: string; readonly run: () => void }[] = [
  { name: 'New chart', run: () => addPanel('chart') },
  { name: 'New depth ladder', run: () => addPanel('depth') },
  { name: 'New time and sales', run: () => addPanel('tape') },
  { name: 'One chart', run: () => setCharts(1) },
  { name: 'Two charts', run: () => setCharts(2) },
  { name: 'Four charts', run: () => setCharts(4) },
  { name: 'Move panel left', run: () => moveActivePanel('left') },
  { name: 'Move panel right', run: () => moveActivePanel('right') },
  { name: 'Move panel up', run: () => moveActivePanel('above') },
  { name: 'Move panel down', run: () => moveActivePanel('below') },
  { name: 'Close panel', run: closeActivePanel },
  { name: 'Export the layout', run: () => exportLayout('tradewright') },
  { name: 'Reset the layout', run: resetLayout },
];

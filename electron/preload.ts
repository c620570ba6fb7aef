import { contextBridge, ipcRenderer } from 'electron';

// The only bridge: ask the host for one MessagePort and hand it to the page. No generic invoke, no channel names.
contextBridge.exposeInMainWorld('terminalHost', {
  connect(): void {
    ipcRenderer.once('rpc:port', (event) => {
      window.postMessage('rpc:port', window.location.origin, [...event.ports]);
    });
    ipcRenderer.send('rpc:connect');
  },
});

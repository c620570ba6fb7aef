import { contextBridge, ipcRenderer } from 'electron';

// One listener for all answers: with one per call, two calls in a row would hand over the same port twice.
ipcRenderer.on('rpc:port', (event) => {
  window.postMessage('rpc:port', window.location.origin, [...event.ports]);
});

// The only bridge: ask the host for one MessagePort, which is handed to the page. No generic invoke, no channel names.
contextBridge.exposeInMainWorld('terminalHost', {
  connect(): void {
    ipcRenderer.send('rpc:connect');
  },
});

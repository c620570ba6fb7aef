import type { IpcMain, MessageChannelMain } from 'electron/main';
import { isTrustedSender } from './policy.ts';

export type DoorIpc = Pick<IpcMain, 'on'>;
type Port = MessageChannelMain['port1'];

export interface Door {
  /** The page of these web contents is gone or about to be: its connection ends. */
  close(contentsId: number, reason: string): void;
  /** Ends every connection; nobody gets another one. */
  shut(reason: string): void;
}

/**
 * The one way from a page into this process: it asks for a port, and only our own main frame gets one. A page has one
 * port; asking again closes the one before.
 */
export function openDoor(
  ipc: DoorIpc,
  createChannel: () => MessageChannelMain,
  serve: (port: Port) => { close(reason: string): void },
): Door {
  const connections = new Map<number, { close(reason: string): void }>();
  let isShut = false;
  const close = (contentsId: number, reason: string): void => {
    connections.get(contentsId)?.close(reason);
    connections.delete(contentsId);
  };
  ipc.on('rpc:connect', ({ sender, senderFrame }) => {
    if (isShut || senderFrame === null || !isTrustedSender(senderFrame)) return;
    close(sender.id, 'the page connected again');
    const { port1, port2 } = createChannel();
    connections.set(sender.id, serve(port1));
    senderFrame.postMessage('rpc:port', null, [port2]);
  });
  return {
    close,
    shut(reason) {
      isShut = true;
      for (const id of connections.keys()) close(id, reason);
    },
  };
}

import '@fontsource-variable/inter/index.css';
import 'dockview-react/dist/styles/dockview.css';
import 'sonner/dist/styles.css';
import './theme/window.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { cspNonce } from './app/csp-nonce.ts';
import { chooseTransport } from './connection/client.ts';
import { Connection } from './connection/connection.ts';
import { Desk, DeskContext } from './desk/desk.ts';
import { startNotices } from './notices/notices.ts';
import { applyAppearance, useSettings } from './settings/settings.ts';

applyAppearance(useSettings.getState());
// At once, not in an effect: the chart reads the resolved tokens when React tells it of a new theme.
useSettings.subscribe(applyAppearance);

const desk = new Desk(new Connection(chooseTransport(window)));
desk.start();
startNotices(desk);

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the window.');
createRoot(root).render(
  <StrictMode>
    <CSPProvider nonce={cspNonce}>
      <DeskContext value={desk}>
        <App />
      </DeskContext>
    </CSPProvider>
  </StrictMode>,
);

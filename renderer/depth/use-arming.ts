import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { useSettings } from '../settings/settings.ts';

const CHECK_EVERY_MS = 200;
const SWITCHED_OFF = 'click trading is switched off in the settings';

export interface Arming {
  readonly armed: boolean;
  /** Why it cannot be armed now; null when it can. */
  readonly blocker: string | null;
  readonly arm: () => void;
  readonly disarm: (reason: string) => void;
  /** The truth at the moment of a press, whatever was rendered last. */
  readonly mayClick: () => boolean;
}

/**
 * Click trading of one panel: off at the start and at every mounting, so also at a change of symbol or account. It goes
 * off by itself when a fact forbids it, when the window is left or hidden, and when the user turns to another panel.
 */
export function useArming(
  host: RefObject<HTMLElement | null>,
  readBlocker: () => string | null,
  onDisarm: (reason: string) => void,
): Arming {
  const [armed, setArmed] = useState(false);
  const [blocker, setBlocker] = useState<string | null>(null);
  const now = useRef(false);
  const outside = useRef({ readBlocker, onDisarm });
  useEffect(() => {
    outside.current = { readBlocker, onDisarm };
  });

  const disarm = useCallback((why: string) => {
    if (!now.current) return;
    now.current = false;
    setArmed(false);
    outside.current.onDisarm(why);
  }, []);

  const check = useCallback(() => {
    const why = useSettings.getState().clickTrading === 'never' ? SWITCHED_OFF : outside.current.readBlocker();
    setBlocker(why);
    if (why !== null) disarm(why);
    return why;
  }, [disarm]);

  const arm = useCallback(() => {
    if (check() !== null) return;
    now.current = true;
    setArmed(true);
  }, [check]);

  const mayClick = useCallback(() => now.current && check() === null, [check]);

  useEffect(() => {
    check();
    const timer = setInterval(check, CHECK_EVERY_MS);
    return () => clearInterval(timer);
  }, [check]);

  useEffect(() => {
    const page = host.current?.ownerDocument ?? document;
    const stop = new AbortController();
    const { signal } = stop;
    const elsewhere = (event: Event) => {
      const target = event.target;
      if (!(target instanceof Element) || host.current?.contains(target) === true) return;
      // A note about an order is no other place to work in.
      if (target.closest('[data-sonner-toaster]') === null) disarm('you turned to another panel');
    };
    page.addEventListener('pointerdown', elsewhere, { signal, capture: true });
    page.addEventListener('focusin', elsewhere, { signal, capture: true });
    page.addEventListener('visibilitychange', () => page.hidden && disarm('the window was hidden'), { signal });
    page.defaultView?.addEventListener('blur', () => disarm('the window lost the focus'), { signal });
    return () => stop.abort();
  }, [host, disarm]);

  return { armed, blocker, arm, disarm, mayClick };
}

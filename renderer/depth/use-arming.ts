import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

const CHECK_EVERY_MS = 200;

export interface Arming {
  readonly armed: boolean;
  /** Why it was disarmed last. */
  readonly reason: string | null;
  /** Why it cannot be armed now; null when it can. */
  readonly blocker: string | null;
  readonly arm: () => void;
  readonly disarm: (reason: string | null) => void;
  /** The truth at the moment of a press, whatever was rendered last. */
  readonly mayClick: () => boolean;
}

/**
 * Click trading of one panel: off at the start and at every mounting, so also at a change of symbol or account. It goes
 * off by itself when a fact forbids it, when the window is left or hidden, and when the user turns to another panel.
 */
export function useArming(host: RefObject<HTMLElement | null>, readBlocker: () => string | null): Arming {
  const [armed, setArmed] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const [blocker, setBlocker] = useState<string | null>(null);
  const now = useRef(false);
  const read = useRef(readBlocker);
  useEffect(() => {
    read.current = readBlocker;
  });

  const disarm = useCallback((why: string | null) => {
    if (!now.current) return;
    now.current = false;
    setArmed(false);
    setReason(why);
  }, []);

  const check = useCallback(() => {
    const why = read.current();
    setBlocker(why);
    if (why !== null) disarm(why);
    return why;
  }, [disarm]);

  const arm = useCallback(() => {
    if (check() !== null) return;
    now.current = true;
    setArmed(true);
    setReason(null);
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

  return { armed, reason, blocker, arm, disarm, mayClick };
}

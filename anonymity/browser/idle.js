/** Ten minutes without a key or a touch, and what was unlocked is locked again. */

const LOCK_AFTER_MS = 600_000;
const WARN_AFTER_MS = 480_000;
const LOOK_EVERY_MS = 5_000;

/**
 * @param {{warn: (soon: boolean) => void, lock: () => void}} then `warn(true)` two minutes before, `warn(false)` when somebody is there again
 * @returns {() => void} stop watching
 */
export function watchIdle({ warn, lock }) {
  let last = Date.now();
  let warned = false;
  const tell = (/** @type {boolean} */ soon) => {
    if (soon !== warned) warn((warned = soon));
  };
  const look = () => {
    const idle = Date.now() - last;
    if (idle >= LOCK_AFTER_MS) lock();
    else tell(idle >= WARN_AFTER_MS);
    return idle < LOCK_AFTER_MS;
  };
  // A machine that slept ran no timer: the clock is looked at before the first key or touch counts as activity.
  const active = () => {
    if (!look()) return;
    last = Date.now();
    tell(false);
  };
  // A page scrolls by itself as well: only what somebody does counts.
  const events = ["keydown", "pointerdown", "wheel", "touchmove", "input"];
  for (const name of events) window.addEventListener(name, active, { passive: true });
  document.addEventListener("visibilitychange", look);
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
    for (const name of events) window.removeEventListener(name, active);
    tell(false);
  };
}

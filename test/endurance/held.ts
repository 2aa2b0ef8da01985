import type { Held } from './protocol.js';

/** The resources that this process holds. */
export const held: Held = {
  sources: 0,
  opened: 0,
  lines: 0,
  aborted: 0,
  tasks: 0,
  encodings: 0,
  subscribers: 0,
};

/** Counts a source as open. @returns a function that counts it as closed, once */
export function hold(): () => void {
  held.sources++;
  held.opened++;
  let isHeld = true;
  return () => {
    if (isHeld) {
      isHeld = false;
      held.sources--;
    }
  };
}
